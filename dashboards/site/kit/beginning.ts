// Long texts of which a page says the beginning, and that the ledger has the rest.

import { sayCount } from '../../../src/core/wording.ts'

/** At most `most` signs, and how many more there are. */
export function beginningOf(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}\n… and ${sayCount(text.length - most)} more signs, in the ledger` : text // prettier-ignore
}
