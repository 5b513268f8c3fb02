// GitHub's REST API as far as Matchday uses it: a local server with a state that a test can read and change.
//
//   await using github = await aGithub({ now: () => now })
//   const api = createGithubApi({ apiUrl: github.url, repository: github.repository, token: github.token })
//
//   github.dispatches            what was started: [{ workflow: 'nfl-bronze.yml', ref, inputs, at, runId }]
//   github.runs                  newest anywhere; a dispatch adds one that is queued. Change them freely:
//                                github.runs[0].status = 'completed'; github.runs[0].conclusion = 'failure'
//   github.addRun({ workflow: 'nfl-bronze.yml', event: 'schedule', conclusion: 'startup_failure', at: at('19 13:07') })
//   github.onDispatch = async (dispatch, run) => …  makes a real run of it, before the answer is sent
//   github.workflows             this project's own, with the inputs they declare; .state = 'disabled_inactivity'
//   github.issues, github.comments, github.requests (each call: method, path, at), github.calls
//   github.rights.actions = 'read'                  calls that take more get 403
//   github.tokens.set('abc', { actor: 'ann', rights })   another token, with rights of its own
//
// What goes wrong, once or `times`, for all calls or `only` those whose "METHOD /path" matches:
//
//   github.refuseNext({ status: 502 }, { times: 3, only: /dispatches/ })
//   github.hang()                no answer, ever        github.reset()       connection reset, nothing done
//   github.loseAnswer()          done, then reset       github.garble()      done, half of the JSON sent
//   github.limitFor(600)         primary limit until now() + 600 s: every call gets 403 and the headers
//   github.limitSecondary(60)    the next call gets 403 with retry-after; without a number, without the header
//   github.tooOldForRunDetails = 422
//   github.forgive()             all of that is over

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'

import { answer } from './github-routes.ts'
import {
  projectWorkflows,
  refusal,
  type Answer,
  type FakeRun,
  type FakeToken,
  type FakeWorkflow,
  type Github,
  type TroubleOptions,
} from './github-shapes.ts'

type Kind = 'hang' | 'reset' | 'lose' | 'garble' | Answer
interface Trouble {
  readonly kind: Kind
  readonly only: RegExp
  left: number
}

export interface GithubOptions {
  readonly now?: () => Date
  readonly repository?: string
  readonly workflows?: FakeWorkflow[]
}

// Beyond 2^31, as GitHub's are.
const FIRST_RUN = 12_000_000_001
const TOO_FAST = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
const USED_UP = 'API rate limit exceeded for installation ID 4711.'

/** Starts it on a free port. */
export async function aGithub(options: GithubOptions = {}): Promise<Github> {
  const troubles: Trouble[] = []
  const limit = { until: -Infinity }
  const server = createServer((request, response) => {
    serve({ github, troubles, limit }, request, response).catch((error: unknown) => {
      response.destroy()
      if (request.complete) throw error // not a caller that hung up: what the test gave us is wrong
    })
  })
  // A caller that keeps its connection must not be cut off in the middle of a story that takes its time.
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const make = (kind: Kind, { times = 1, only = /./ }: TroubleOptions = {}) =>
    void troubles.push({ kind, only, left: times })
  const github: Github = {
    ...freshState(options),
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get calls() {
      return github.requests.length
    },
    addRun: (parts = {}) => addRun(github, parts),
    refuseNext: make,
    hang: (how) => make('hang', how),
    reset: (how) => make('reset', how),
    loseAnswer: (how) => make('lose', how),
    garble: (how) => make('garble', how),
    limitFor: (seconds) => void (limit.until = github.now().getTime() + seconds * 1000),
    limitSecondary: (seconds, how) =>
      make(
        { ...refusal(403, TOO_FAST), headers: seconds === undefined ? {} : { 'retry-after': String(seconds) } },
        how,
      ),
    forgive() {
      troubles.length = 0
      limit.until = -Infinity
      github.tooOldForRunDetails = undefined
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return github
}

function freshState({ now = () => new Date(), repository = 'acme/league', workflows }: GithubOptions) {
  return {
    repository,
    token: 'the-word-of-acme',
    now,
    facts: { default_branch: 'main', private: false, fork: false, has_pages: true, has_issues: true },
    rights: { actions: 'write', issues: 'write', contents: 'read' } as Github['rights'],
    tokens: new Map() as Github['tokens'],
    workflows: workflows ?? projectWorkflows(),
    dispatches: [],
    runs: [],
    issues: [],
    comments: [],
    requests: [],
    lastCommitAt: new Date('2024-11-18T12:00:00Z'),
    headCommit: '0'.repeat(40),
    tooOldForRunDetails: undefined,
    onDispatch: undefined,
  }
}

function addRun(github: Github, { workflow, ...parts }: Parameters<Github['addRun']>[0] & object): FakeRun {
  const name = workflow ?? 'nfl-bronze.yml'
  const found = typeof name === 'string' ? github.workflows.find(({ file }) => basename(file) === name) : name
  if (found === undefined) throw new RangeError(`this GitHub has no workflow ${JSON.stringify(name)}`)
  const run: FakeRun = {
    id: String(Number(github.runs.at(-1)?.id ?? FIRST_RUN - 1) + 1),
    workflow: found,
    attempt: 1,
    event: 'schedule',
    status: 'completed',
    conclusion: 'success',
    ...parts,
    // Only if it is needed: a test's clock may do more than tell the time.
    at: parts.at ?? github.now(),
  }
  github.runs.push(run)
  return run
}

interface Shop {
  readonly github: Github
  readonly troubles: Trouble[]
  readonly limit: { readonly until: number }
}

async function serve(shop: Shop, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { github } = shop
  const url = new URL(request.url ?? '/', github.url)
  const method = request.method ?? 'GET'
  const body = await readJson(request)
  const at = github.now()
  github.requests.push({ method, path: url.pathname, query: url.search, at })
  const trouble = nextTrouble(shop.troubles, `${method} ${url.pathname}`)
  if (trouble === 'hang') return
  if (trouble === 'reset') return void request.socket.resetAndDestroy()
  if (typeof trouble === 'object') return send(response, at, trouble)
  const token = tokenOf(github, request)
  const refused = isLimited(shop, at)
  const result =
    refused ?? (token ? await answer(github, { method, url, body, token }) : refusal(401, 'Bad credentials'))
  if (trouble === 'lose') return void request.socket.resetAndDestroy()
  send(response, at, result, trouble === 'garble')
}

function nextTrouble(troubles: Trouble[], call: string): Kind | undefined {
  const index = troubles.findIndex(({ only }) => only.test(call))
  const trouble = troubles[index]
  if (trouble === undefined) return undefined
  trouble.left -= 1
  if (trouble.left <= 0) troubles.splice(index, 1)
  return trouble.kind
}

function isLimited({ limit }: Shop, at: Date): Answer | undefined {
  if (at.getTime() >= limit.until) return undefined
  const reset = String(Math.ceil(limit.until / 1000))
  const headers = { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }
  return { ...refusal(403, USED_UP), headers }
}

function tokenOf(github: Github, request: IncomingMessage): FakeToken | undefined {
  const said = request.headers.authorization?.replace(/^(token|bearer) /i, '') ?? ''
  return said === github.token ? { actor: 'github-actions[bot]', rights: github.rights } : github.tokens.get(said)
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += part as string
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

function send(response: ServerResponse, at: Date, { status, headers, body }: Answer, garbled = false): void {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
  // Schedule time may be virtual: the answer's own clock is the test's.
  response.writeHead(status, { date: at.toUTCString(), 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(garbled ? text.slice(0, text.length / 2) : text)
}
