// The client of nflverse's games.csv: where it is, how it is asked for, and whether what came is simulated.

import type { Table } from '../../../../sources/csv-table.ts'
import type { Timeouts } from '../../../../sources/http.ts'
import { fetchFile, toUrl, type ReceivedFile } from '../../../../sources/provider-file.ts'
import { parseGamesTable } from './games-table.ts'
import { REDIRECTS_TO } from './provider.ts'

const SOURCE = 'nflverse'
const ADDRESS = 'https://raw.githubusercontent.com/nflverse/nfldata/master/data/games.csv'
// The file has 2.1 MB; ten times that is not it any more.
const MAX_BYTES = 25 * 1024 * 1024

export interface GamesRequest {
  /** Another place to ask: the URL of a file, a base to which `games.csv` is added, a `file:` URL or a path. */
  readonly address: string | undefined
  /** What was received last time; the etag is only sent to the address it came from. */
  readonly known?: { address: string; etag: string | null } | undefined
  readonly signal: AbortSignal
  readonly timeouts?: Timeouts
}

export type ReceivedGames = ReceivedFile & Table

/** The table, or `unchanged` when the provider says that it still is what we know. Throws SourceFailure or DataFailure. */
export async function fetchGames(request: GamesRequest): Promise<ReceivedGames | { readonly kind: 'unchanged' }> {
  const url = gamesUrl(request.address)
  const answer = await fetchFile({ ...request, source: SOURCE, url, redirectsTo: REDIRECTS_TO, maxBytes: MAX_BYTES })
  return answer.kind === 'unchanged' ? answer : { ...answer, ...parseGamesTable(answer.text, SOURCE) }
}

/** The URL to ask. Throws SourceFailure for an address that is none. */
export function gamesUrl(address: string | undefined): URL {
  const url = toUrl(address || ADDRESS, SOURCE)
  if (!url.pathname.endsWith('.csv')) url.pathname = `${url.pathname.replace(/\/$/, '')}/games.csv`
  return url
}
