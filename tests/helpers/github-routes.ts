// What the local GitHub of the tests does with a call: a route is a line in the table, with the right that it takes.

import { basename } from 'node:path'

import {
  issueShape,
  refusal,
  runShape,
  workflowShape,
  type Answer,
  type FakeIssue,
  type FakeRun,
  type FakeToken,
  type FakeWorkflow,
  type Github,
} from './github-shapes.ts'

interface Call {
  readonly query: URLSearchParams
  readonly body: Record<string, unknown>
  readonly token: FakeToken
  /** What the path had in place of its last parameter. */
  readonly key: string
  /** The address without its query, for links to other pages. */
  readonly address: string
}

type Right = 'metadata: read' | 'contents: read' | `actions: ${'read' | 'write'}` | `issues: ${'read' | 'write'}`
type Route = (github: Github, call: Call) => Answer | Promise<Answer>

const NOT_FOUND = refusal(404, 'Not Found')
const ISSUES_OFF = refusal(410, 'Issues has been disabled in this repository.')
/** GitHub lists no more than this of a filtered query. */
const LONGEST_LIST = 1000
const KNOWN_QUERY = ['created', 'event', 'status', 'per_page', 'page']

const ROUTES: readonly [method: string, path: RegExp, right: Right, route: Route][] = [
  [
    'GET',
    /^$/,
    'metadata: read',
    (github) => ({ status: 200, body: { ...github.facts, full_name: github.repository } }),
  ],
  ['GET', /^\/commits$/, 'contents: read', listCommits],
  ['GET', /^\/actions\/workflows$/, 'actions: read', listWorkflows],
  ['POST', /^\/actions\/workflows\/([^/]+)\/dispatches$/, 'actions: write', dispatch],
  ['GET', /^\/actions\/workflows\/([^/]+)$/, 'actions: read', getWorkflow],
  ['PUT', /^\/actions\/workflows\/([^/]+)\/enable$/, 'actions: write', enable],
  ['GET', /^\/actions\/workflows\/([^/]+)\/runs$/, 'actions: read', listRunsOfWorkflow],
  ['GET', /^\/actions\/runs$/, 'actions: read', listRuns],
  ['GET', /^\/actions\/runs\/(\d+)$/, 'actions: read', getRun],
  ['POST', /^\/issues$/, 'issues: write', createIssue],
  ['GET', /^\/issues\/(\d+)$/, 'issues: read', getIssue],
  ['PATCH', /^\/issues\/(\d+)$/, 'issues: write', changeIssue],
  ['POST', /^\/issues\/(\d+)\/comments$/, 'issues: write', comment],
]

/** Answers a call whose token is right. */
export async function answer(
  github: Github,
  request: { method: string; url: URL; body: Record<string, unknown>; token: FakeToken },
): Promise<Answer> {
  const { method, url, body, token } = request
  const home = `/repos/${github.repository}`
  if (url.pathname !== home && !url.pathname.startsWith(`${home}/`)) return NOT_FOUND
  const path = url.pathname.slice(home.length)
  for (const [verb, shape, right, route] of ROUTES) {
    const match = verb === method ? shape.exec(path) : null
    if (match === null) continue
    if (!mayDo(token, right)) return refusal(403, 'Resource not accessible by integration')
    if (path.startsWith('/issues') && !github.facts.has_issues) return ISSUES_OFF
    const address = `${github.url}${url.pathname}`
    return await route(github, {
      query: url.searchParams,
      body,
      token,
      key: decodeURIComponent(match[1] ?? ''),
      address,
    })
  }
  return NOT_FOUND
}

function mayDo({ rights }: FakeToken, right: Right): boolean {
  const [family, level] = right.split(': ')
  if (family !== 'actions' && family !== 'issues' && family !== 'contents') return true
  const given = rights[family]
  return given === 'write' || given === level
}

function listCommits(github: Github): Answer {
  const date = github.lastCommitAt?.toISOString().replace('.000', '')
  if (date === undefined) return refusal(409, 'Git Repository is empty.')
  return {
    status: 200,
    body: [{ sha: github.headCommit, commit: { message: '', author: { date }, committer: { date } } }],
  }
}

function listWorkflows(github: Github, call: Call): Answer {
  const list = github.workflows.map((workflow) => workflowShape(workflow, github.repository))
  return page(call, list, (workflows, total_count) => ({ total_count, workflows }))
}

async function dispatch(github: Github, { key, body, token }: Call): Promise<Answer> {
  const workflow = findWorkflow(github, key)
  if (workflow === undefined) return NOT_FOUND
  const wrong = whyNot(github, workflow, body)
  if (wrong !== undefined) return wrong
  const run = github.addRun({ workflow, event: 'workflow_dispatch', status: 'queued', conclusion: null })
  const inputs = (body['inputs'] ?? {}) as Record<string, string>
  const made = {
    workflow: basename(workflow.file),
    ref: String(body['ref']),
    inputs,
    at: run.at,
    runId: run.id,
    actor: token.actor,
  }
  github.dispatches.push(made)
  await github.onDispatch?.(made, run)
  if (body['return_run_details'] !== true) return { status: 204 }
  const { url, html_url } = runShape(run, github.repository) as { url: string; html_url: string }
  return { status: 200, body: { workflow_run_id: Number(run.id), run_url: url, html_url } }
}

function whyNot(github: Github, workflow: FakeWorkflow, body: Record<string, unknown>): Answer | undefined {
  if (github.tooOldForRunDetails !== undefined && 'return_run_details' in body)
    return refusal(github.tooOldForRunDetails, 'Invalid request.\n\n"return_run_details" is not a permitted key.')
  if (body['ref'] !== github.facts.default_branch) return refusal(422, `No ref found for: ${String(body['ref'])}`)
  if (!workflow.dispatchable) return refusal(422, "Workflow does not have 'workflow_dispatch' trigger")
  if (workflow.state !== 'active') return refusal(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow")
  const given = Object.entries((body['inputs'] ?? {}) as Record<string, string>)
  const { inputs } = workflow
  if (inputs === undefined) return undefined
  const unknown = given.flatMap(([name]) => (inputs.some((input) => input.name === name) ? [] : [name]))
  if (unknown.length > 0) return refusal(422, `Unexpected inputs provided: ${JSON.stringify(unknown)}`)
  const offList = given.find(([name, value]) => {
    const options = inputs.find((input) => input.name === name)?.options ?? []
    return options.length > 0 && !options.includes(value)
  })
  if (offList === undefined) return undefined
  return refusal(422, `Provided value '${offList[1]}' for input '${offList[0]}' not in the list of allowed values`)
}

function getWorkflow(github: Github, { key }: Call): Answer {
  const workflow = findWorkflow(github, key)
  return workflow === undefined ? NOT_FOUND : { status: 200, body: workflowShape(workflow, github.repository) }
}

function enable(github: Github, { key }: Call): Answer {
  const workflow = findWorkflow(github, key)
  if (workflow === undefined) return NOT_FOUND
  workflow.state = 'active'
  return { status: 204 }
}

function listRunsOfWorkflow(github: Github, call: Call): Answer {
  const workflow = findWorkflow(github, call.key)
  if (workflow === undefined) return NOT_FOUND
  return listRuns(github, call, (run) => run.workflow === workflow)
}

function listRuns(github: Github, call: Call, also: (run: FakeRun) => boolean = () => true): Answer {
  const [event, status] = [call.query.get('event'), call.query.get('status')]
  const created = createdFilter(call.query.get('created') ?? '')
  if (created === undefined) return refusal(501, `the fake knows no created=${call.query.get('created') ?? ''}`)
  const newestFirst = github.runs
    .filter((run) => created(Math.floor(run.at.getTime() / 1000)) && also(run))
    .filter((run) => event === null || run.event === event)
    .filter((run) => status === null || run.status === status || run.conclusion === status)
    .sort((a, b) => b.at.getTime() - a.at.getTime() || Number(b.id) - Number(a.id))
  return page(call, newestFirst.slice(0, LONGEST_LIST), (part, total_count) => ({
    total_count,
    workflow_runs: part.map((run) => runShape(run, github.repository)),
  }))
}

/** Of seconds, for GitHub keeps no more. Understands `>=…` and `…..…`. */
function createdFilter(text: string): ((second: number) => boolean) | undefined {
  if (text === '') return () => true
  const [from = '', to] = text.startsWith('>=') ? [text.slice(2)] : text.split('..')
  const [start, end] = [Date.parse(from) / 1000, to === undefined ? Infinity : Date.parse(to) / 1000]
  return Number.isNaN(start + end) ? undefined : (second) => second >= start && second <= end
}

function getRun(github: Github, { key }: Call): Answer {
  const run = github.runs.find(({ id }) => id === key)
  return run === undefined ? NOT_FOUND : { status: 200, body: runShape(run, github.repository) }
}

function createIssue(github: Github, { body }: Call): Answer {
  if (!github.facts.has_issues) return refusal(410, 'Issues has been disabled in this repository.')
  const issue: FakeIssue = {
    number: (github.issues.at(-1)?.number ?? 0) + 1,
    state: 'open',
    title: String(body['title']),
    body: String(body['body'] ?? ''),
    labels: (body['labels'] ?? []) as string[],
  }
  github.issues.push(issue)
  return { status: 201, body: issueShape(issue, github.repository) }
}

function getIssue(github: Github, { key }: Call): Answer {
  const issue = github.issues.find(({ number }) => String(number) === key)
  return issue === undefined ? NOT_FOUND : { status: 200, body: issueShape(issue, github.repository) }
}

function changeIssue(github: Github, { key, body }: Call): Answer {
  const issue = github.issues.find(({ number }) => String(number) === key)
  if (issue === undefined) return NOT_FOUND
  Object.assign(issue, body)
  return { status: 200, body: issueShape(issue, github.repository) }
}

function comment(github: Github, { key, body }: Call): Answer {
  if (!github.issues.some(({ number }) => String(number) === key)) return NOT_FOUND
  github.comments.push({ issue: Number(key), body: String(body['body']), at: github.now() })
  return { status: 201, body: { id: github.comments.length, body: body['body'] } }
}

function findWorkflow(github: Github, idOrName: string): FakeWorkflow | undefined {
  return github.workflows.find(({ id, file }) => String(id) === idOrName || basename(file) === idOrName)
}

/** One page with GitHub's link to the next. A filter that the fake does not know is refused, not passed over. */
function page<T>(call: Call, all: readonly T[], shape: (part: readonly T[], total: number) => object): Answer {
  const unknown = [...call.query.keys()].filter((name) => !KNOWN_QUERY.includes(name))
  if (unknown.length > 0) return refusal(501, `the fake knows no ?${unknown.join(', ?')}`)
  const size = Number(call.query.get('per_page') ?? 30)
  const number = Number(call.query.get('page') ?? 1)
  const body = shape(all.slice((number - 1) * size, number * size), all.length)
  if (number * size >= all.length) return { status: 200, body }
  const query = new URLSearchParams(call.query)
  query.set('page', String(number + 1))
  return { status: 200, body, headers: { link: `<${call.address}?${query.toString()}>; rel="next"` } }
}
