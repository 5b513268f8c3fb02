// The client of nflverse's games.csv: where it is, how it is asked for, and whether what came is simulated.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'

import { SourceFailure } from '../../core/errors.ts'
import { get, type Timeouts } from '../http.ts'
import { parseGamesTable, type GamesTable } from './games-table.ts'

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

export interface ReceivedGames extends GamesTable {
  readonly kind: 'received'
  /** Without query string. */
  readonly address: string
  readonly etag: string | null
  readonly text: string
  /** sha256 of the bytes, in hex. */
  readonly hash: string
  readonly bytes: number
  /** A server says so by the header `x-matchday-simulated: true`, a file by `simulated` in its name. */
  readonly simulated: boolean
}

/** The table, or `unchanged` when the provider says that it still is what we know. Throws SourceFailure or DataFailure. */
export async function fetchGames(request: GamesRequest): Promise<ReceivedGames | { readonly kind: 'unchanged' }> {
  const url = gamesUrl(request.address)
  return url.protocol === 'file:' ? await readGames(url) : await downloadGames(url, request)
}

/** The URL to ask. Throws SourceFailure for an address that is none. */
export function gamesUrl(address: string | undefined): URL {
  if (address === undefined || address === '') return new URL(ADDRESS)
  const isUrl = /^[a-z][a-z\d+.-]+:/i.test(address)
  if (isUrl && !URL.canParse(address)) throw notAnAddress(address)
  const url = isUrl ? new URL(address) : pathToFileURL(address)
  if (!['http:', 'https:', 'file:'].includes(url.protocol)) throw notAnAddress(address)
  if (!url.pathname.endsWith('.csv')) url.pathname = `${url.pathname.replace(/\/$/, '')}/games.csv`
  return url
}

async function downloadGames(url: URL, request: GamesRequest): Promise<ReceivedGames | { readonly kind: 'unchanged' }> {
  const address = `${url.origin}${url.pathname}`
  const etag = request.known?.address === address ? (request.known.etag ?? undefined) : undefined
  const { signal, timeouts } = request
  const answer = await get({ source: SOURCE, url, etag, maxBytes: MAX_BYTES, signal, ...(timeouts && { timeouts }) })
  if (answer.kind === 'unchanged') return answer
  const simulated = answer.headers.get('x-matchday-simulated') === 'true'
  return toReceived(answer.body, { address, etag: answer.headers.get('etag'), simulated })
}

async function readGames(url: URL): Promise<ReceivedGames> {
  const name = url.pathname.split('/').at(-1) ?? ''
  const body = await readFile(url).catch((error: unknown) => {
    throw new SourceFailure(`${SOURCE} could not be read from the file ${url.pathname}: check the path`, {
      code: 'source_file',
      cause: error,
      context: { source: SOURCE, path: url.pathname },
    })
  })
  return toReceived(body, { address: url.href, etag: null, simulated: name.includes('simulated') })
}

function toReceived(body: Buffer, from: { address: string; etag: string | null; simulated: boolean }): ReceivedGames {
  const text = body.toString('utf8')
  const table = parseGamesTable(text, SOURCE)
  const hash = createHash('sha256').update(body).digest('hex')
  return { kind: 'received', ...table, ...from, hash, text, bytes: body.byteLength }
}

function notAnAddress(address: string): SourceFailure {
  return new SourceFailure(
    `${SOURCE} cannot be asked at "${address.split('?')[0]}": expected an http or https URL, a file: URL or a path`,
    { code: 'source_address', context: { source: SOURCE } },
  )
}
