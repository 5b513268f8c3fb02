// One call to GitHub by Octokit: with a deadline, counted, its answer read by a schema and every refusal turned into one
// SourceFailure. It never tries again by itself: reconcile decides about that.

import type { z } from 'zod'

import { ConfigFailure } from '../core/errors.ts'
import { monotonicMs } from '../lib/clock.ts'
import { createRedactor } from '../lib/redact.ts'
import { toGithubFailure, unreadable, unusableToken, type Asked, type GithubCall } from './github-failure.ts'

export interface GithubAccess {
  readonly apiUrl: string
  /** `owner/name`. */
  readonly repository: string
  readonly token: string
  /** For each call, the body included; 10 s unless told. */
  readonly timeoutMs?: number
}

export interface Question<T> extends GithubCall {
  readonly params?: Readonly<Record<string, unknown>>
  readonly answer: z.ZodType<T>
}

interface Reply<T> {
  readonly value: T
  readonly hasNextPage: boolean
}

/** Asks once. Throws SourceFailure. */
export type Ask = <T>(question: Question<T>) => Promise<Reply<T>>

/** A way to ask, how often it was used, and what time it is by GitHub's last answer. Octokit is not loaded before the first call. Throws ConfigFailure for an
 *  address that is no URL or a repository that is not `owner/name`. */
export function createAsk(access: GithubAccess): { ask: Ask; count: () => number; clock: () => Date | undefined } {
  const { repository, token, timeoutMs = 10_000 } = access
  const [owner = '', repo = '', more] = repository.split('/')
  if (owner === '' || repo === '' || more !== undefined)
    throw new ConfigFailure(`"${repository}" is not a repository: expected owner/name`, { code: 'bad_repository' })
  if (!URL.canParse(access.apiUrl))
    throw new ConfigFailure('the address of GitHub is no URL: expected such as https://api.github.com')
  const client = keep(() => openClient(access))
  const redact = createRedactor([token])
  const { host } = new URL(access.apiUrl)
  let calls = 0
  let told: { readonly at: number; readonly monotonicMs: number } | undefined
  const ask = async <T>(question: Question<T>): Promise<Reply<T>> => {
    const octokit = await client()
    const signal = AbortSignal.timeout(timeoutMs)
    const asked = (): Asked => ({ call: question, repository, host, timeoutMs, timedOut: signal.aborted, redact })
    if (!/^[\x21-\x7e]+$/.test(token)) throw unusableToken(asked())
    calls += 1
    const reply = await send(octokit, question, { owner, repo, request: { signal } }).catch((thrown: unknown) => {
      throw toGithubFailure(thrown, asked())
    })
    const date = Date.parse(reply.headers['date'] ?? '')
    if (!Number.isNaN(date)) told = { at: date, monotonicMs: monotonicMs() }
    const kind = reply.headers['content-type'] ?? 'json'
    // A proxy's page, with a 200 of its own.
    if (!kind.includes('json')) throw unreadable(`it is ${kind}, not JSON`, asked())
    const read = question.answer.safeParse(reply.data)
    if (!read.success) throw unreadable(problemOf(reply.data, read.error), asked())
    return { value: read.data, hasNextPage: reply.headers['link']?.includes('rel="next"') ?? false }
  }
  const clock = () => told && new Date(told.at + monotonicMs() - told.monotonicMs)
  return { ask, count: () => calls, clock }
}

// Its types are left out: every answer is read by a schema here, and 21 MB of declarations took a quarter of each type check.
const OCTOKIT: string = 'octokit'

interface Octokit {
  request: (route: string, params: object) => Promise<{ readonly data: unknown; readonly headers: Headers }>
}

type Headers = Readonly<Record<string, string | undefined>>

interface OctokitModule {
  readonly Octokit: new (options: object) => Octokit
}

async function send(
  octokit: Octokit,
  { route, params }: Question<unknown>,
  common: object,
): Promise<{ data: unknown; headers: Readonly<Record<string, string | undefined>> }> {
  const { data, headers } = (await octokit.request(route, { ...params, ...common })) as {
    data: unknown
    headers: Record<string, string | undefined>
  }
  return { data, headers }
}

// Octokit costs 140 ms to load. Its plugins would try again by themselves, and make every second write wait a second.
async function openClient({ apiUrl, token }: GithubAccess): Promise<Octokit> {
  const { Octokit } = (await import(OCTOKIT)) as OctokitModule
  return new Octokit({
    auth: token,
    baseUrl: apiUrl.replace(/\/$/, ''),
    userAgent: 'matchday',
    throttle: { enabled: false },
    retry: { enabled: false },
    request: { fetch: fetchOnHost },
  })
}

/** Follows one redirect, to the same place only: a renamed repository is found at another path. Elsewhere the token, and what
 *  is asked for, have no business. */
async function fetchOnHost(address: string, init: RequestInit): Promise<Response> {
  const ask = (url: URL) => fetch(url, { ...init, redirect: 'manual' })
  const first = new URL(address)
  const answer = await ask(first)
  const next = nextOf(answer, first)
  if (next === undefined) return answer
  await answer.body?.cancel()
  if (next.origin !== first.origin) throw new Error(`it redirects to ${next.hostname}, where its token may not go`)
  const second = await ask(next)
  if (nextOf(second, next) !== undefined) throw new Error('it redirects more than once')
  return second
}

function nextOf({ status, headers }: Response, from: URL): URL | undefined {
  const to = headers.get('location') ?? ''
  return [301, 302, 307, 308].includes(status) && URL.canParse(to, from.href) ? new URL(to, from) : undefined
}

/** Octokit hands over what is no JSON as text, and what broke off as none. */
function problemOf(data: unknown, error: z.ZodError): string {
  if (typeof data !== 'object') return data === '' ? 'it is empty or broke off' : 'it is not JSON'
  const { path, message } = error.issues[0] ?? { path: [], message: 'not as agreed' }
  return `${path.join('.') || 'the whole'}: ${message}`
}

/** Makes it once; a failure is not kept. */
export function keep<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    }))
}
