// A provider's file from wherever it is kept: a web server, or a copy on disk for development and tests. Says whether what
// came is what was known already, and whether it is simulated.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'

import { SourceFailure } from '../core/errors.ts'
import { get, type Timeouts } from './http.ts'

export interface FileRequest {
  /** The provider's name, for messages. */
  readonly source: string
  readonly url: URL
  /** What was received last time; the etag is only sent to the address it came from. */
  readonly known?: { address: string; etag: string | null } | undefined
  /** Hosts beside its own that it may send us on to, by their ends. */
  readonly redirectsTo?: readonly string[]
  readonly maxBytes: number
  readonly signal: AbortSignal
  readonly timeouts?: Timeouts
}

export interface ReceivedFile {
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

/** A web address, a `file:` URL or a path as a URL. Throws SourceFailure for an address that is none. */
export function toUrl(address: string, source: string): URL {
  const isUrl = /^[a-z][a-z\d+.-]+:/i.test(address)
  if (isUrl && !URL.canParse(address)) throw notAnAddress(address, source)
  const url = isUrl ? new URL(address) : pathToFileURL(address)
  if (!['http:', 'https:', 'file:'].includes(url.protocol)) throw notAnAddress(address, source)
  return url
}

/** The file, or `unchanged` when the provider says that it still is what we know. Throws SourceFailure. */
export async function fetchFile(request: FileRequest): Promise<ReceivedFile | { readonly kind: 'unchanged' }> {
  return request.url.protocol === 'file:' ? await readCopy(request) : await download(request)
}

async function download(request: FileRequest): Promise<ReceivedFile | { readonly kind: 'unchanged' }> {
  const { source, url, known, redirectsTo, maxBytes, signal, timeouts } = request
  const address = `${url.origin}${url.pathname}`
  const etag = known?.address === address ? (known.etag ?? undefined) : undefined
  const answer = await get({ source, url, etag, redirectsTo, maxBytes, signal, ...(timeouts && { timeouts }) })
  if (answer.kind === 'unchanged') return answer
  const simulated = answer.headers.get('x-matchday-simulated') === 'true'
  return toReceived(answer.body, { address, etag: answer.headers.get('etag'), simulated })
}

async function readCopy({ source, url }: FileRequest): Promise<ReceivedFile> {
  const name = url.pathname.split('/').at(-1) ?? ''
  const body = await readFile(url).catch((error: unknown) => {
    throw new SourceFailure(`${source} could not be read from the file ${url.pathname}: check the path`, {
      code: 'source_file',
      retryAfterSeconds: 30 * 60, // as for one that a server does not have yet
      cause: error,
      context: { source, path: url.pathname },
    })
  })
  return toReceived(body, { address: url.href, etag: null, simulated: name.includes('simulated') })
}

function toReceived(body: Buffer, from: { address: string; etag: string | null; simulated: boolean }): ReceivedFile {
  const hash = createHash('sha256').update(body).digest('hex')
  return { kind: 'received', ...from, hash, text: body.toString('utf8'), bytes: body.byteLength }
}

function notAnAddress(address: string, source: string): SourceFailure {
  return new SourceFailure(
    `${source} cannot be asked at "${address.split('?')[0]}": expected an http or https URL, a file: URL or a path`,
    { code: 'source_address', retryable: false, context: { source } },
  )
}
