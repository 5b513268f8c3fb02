// What nflverse allows of its data.

import type { Terms } from '../../core/terms.ts'

/** Read 2026-11. */
export const TERMS: Terms = {
  may: 'rows',
  say: 'CC BY 4.0: to be named, with a link to the licence',
  credit: {
    name: 'nflverse',
    url: 'https://github.com/nflverse',
    licence: 'CC BY 4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
    of: 'Games, line-ups and player weeks',
  },
}
