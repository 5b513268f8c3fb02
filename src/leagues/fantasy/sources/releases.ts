// The client of nflverse's data releases: one CSV file a season. GitHub redirects to its object storage.

import { SourceFailure } from '../../../core/errors.ts'
import { parseTable, type Table, type TableOrigin } from '../../../sources/csv-table.ts'
import { fetchFile, toUrl, type ReceivedFile } from '../../../sources/provider-file.ts'
import { REDIRECTS_TO } from '../../nfl/sources/nflverse/provider.ts'

export const SOURCE = 'nflverse'
const ADDRESS = 'https://github.com/nflverse/nflverse-data/releases/download'
// A whole season of player weeks has 8 MB.
const MAX_BYTES = 60 * 1024 * 1024
// Ten times the size of games.csv, after a redirect.
const TIMEOUTS = { answerMs: 10_000, totalMs: 60_000 }

/** A kind of release: its tag is the folder, its file ends with the season. */
export interface Release {
  readonly tag: string
  readonly file: string
  readonly rows: string
  readonly reader: string
  /** Of columns in one list any one will do: the provider has renamed some. */
  readonly required: readonly (string | readonly string[])[]
}

export interface ReleaseRequest {
  readonly season: number
  /** Another base than GitHub's: an http or https URL, a `file:` URL or a folder. */
  readonly base: string | undefined
  readonly known?: { address: string; etag: string | null } | undefined
  readonly signal: AbortSignal
}

export type ReceivedRelease = ReceivedFile & Table

/** The season's table; `unchanged` when it still is what we know; `absent` while there is no file of that season. Throws
 *  SourceFailure or DataFailure. */
export async function fetchRelease(
  release: Release,
  request: ReleaseRequest,
): Promise<ReceivedRelease | { readonly kind: 'unchanged' } | { readonly kind: 'absent' }> {
  const { season, base, known, signal } = request
  const url = toUrl(`${(base || ADDRESS).replace(/\/$/, '')}/${release.tag}/${fileName(release, season)}`, SOURCE)
  try {
    const file = { source: SOURCE, url, known, redirectsTo: REDIRECTS_TO, maxBytes: MAX_BYTES, signal, timeouts: TIMEOUTS } // prettier-ignore
    const answer = await fetchFile(file)
    if (answer.kind === 'unchanged') return answer
    return { ...answer, ...parseTable(answer.text, release.required, originOf(release, season)) }
  } catch (error) {
    // A season's file appears with its first game (404 until then): that is an answer, not a failure.
    if (isAbsent(error)) return { kind: 'absent' }
    throw error
  }
}

/** Does a failure mean that the provider has no such file (yet)? */
export function isAbsent(error: unknown): boolean {
  return error instanceof SourceFailure && (error.code === 'source_file' || error.context['status'] === 404)
}

/** How a release's file is named in messages. */
export function originOf(release: Release, season: number): TableOrigin {
  return { source: SOURCE, file: fileName(release, season), rows: release.rows, reader: release.reader }
}

function fileName(release: Release, season: number): string {
  return `${release.file}_${season}.csv`
}
