// GitHub by Octokit: which call each wish is, and what is read of its answer. github-client.ts asks.

import { basename } from 'node:path/posix'

import { SourceFailure } from '../core/errors.ts'
import {
  commitsAnswer,
  dispatchAnswer,
  issueAnswer,
  noAnswer,
  repositoryAnswer,
  runAnswer,
  runsAnswer,
  workflowsAnswer,
} from './github-answers.ts'
import type { GithubApi, GithubRepository, GithubRun } from './github-api.ts'
import { createAsk, keep, type Ask, type GithubAccess, type Question } from './github-client.ts'
import { isMissing } from './github-failure.ts'

const PAGE = 100
/** GitHub lists no more than 1,000 of a filtered query. */
const PAGES = 10

/** GitHub's API for one repository. Nothing is asked, and Octokit not loaded, before the first call. Throws ConfigFailure for
 *  an address or a repository that is none. */
export function createGithubApi(access: GithubAccess): GithubApi {
  const { ask, count, clock } = createAsk(access)
  const repository = keep(async () => (await ask(aRepository())).value)
  // What a token may not see is missing too: only beside a repository that it sees is a thing really missing.
  const find = async <T>(question: Question<T>): Promise<T | undefined> => {
    try {
      return (await ask(question)).value
    } catch (error) {
      if (!isMissing(error)) throw error
      await repository()
      return undefined
    }
  }
  return {
    get calls() {
      return count()
    },
    clock,
    readRepository: repository,
    ...runCalls(ask, { repository, find }),
    ...workflowCalls(ask),
    ...issueCalls(ask, find),
  }
}

type Find = <T>(question: Question<T>) => Promise<T | undefined>

function runCalls(
  ask: Ask,
  { repository, find }: { repository: () => Promise<GithubRepository>; find: Find },
): Pick<GithubApi, 'dispatchWorkflow' | 'findRun' | 'listRunsSince' | 'hasSucceeded'> {
  return {
    async dispatchWorkflow(workflow, inputs) {
      const question = aDispatch(workflow, { ref: (await repository()).defaultBranch, inputs })
      try {
        return (await ask({ ...question, params: { ...question.params, return_run_details: true } })).value
      } catch (error) {
        if (!mayBeTooOld(error)) throw error
      }
      // Servers of before February 2026 refuse a key that they do not know; what else is wrong, they say again.
      return (await ask(question)).value
    },
    findRun: (id) =>
      find({
        what: `find run ${id}`,
        right: 'actions: read',
        route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}',
        params: { run_id: id },
        answer: runAnswer,
      }),
    async hasSucceeded(workflow, event) {
      return (await ask(theSuccesses(workflow, event))).value.length > 0
    },
    async listRunsSince(since, limit) {
      // GitHub keeps whole seconds, and a run of the same second must not be lost.
      const created = `>=${since.toISOString().replace(/\.\d+Z$/, 'Z')}`
      const runs = await listPages<GithubRun>(ask, limit, {
        what: 'list runs',
        right: 'actions: read',
        route: 'GET /repos/{owner}/{repo}/actions/runs',
        params: { created },
        answer: runsAnswer,
      })
      // A run that begins while we turn the page moves another one onto it again.
      return [...new Map(runs.map((run) => [run.id, run])).values()].slice(0, limit)
    },
  }
}

function workflowCalls(ask: Ask): Pick<GithubApi, 'listWorkflows' | 'enableWorkflow' | 'lastCommitAt' | 'headCommit'> {
  return {
    listWorkflows: () =>
      listPages(ask, PAGE * PAGES, {
        what: 'list workflows',
        right: 'actions: read',
        route: 'GET /repos/{owner}/{repo}/actions/workflows',
        answer: workflowsAnswer,
      }),
    async enableWorkflow(file) {
      await ask({
        what: `enable ${basename(file)}`,
        right: 'actions: write',
        route: 'PUT /repos/{owner}/{repo}/actions/workflows/{workflow_id}/enable',
        params: { workflow_id: basename(file) },
        answer: noAnswer,
      })
    },
    lastCommitAt: async () => (await findNewestCommit(ask))?.at,
    headCommit: async () => (await findNewestCommit(ask))?.sha,
  }
}

function issueCalls(
  ask: Ask,
  find: Find,
): Pick<GithubApi, 'createIssue' | 'findIssue' | 'updateIssue' | 'commentOnIssue'> {
  const right = 'issues: write'
  return {
    async createIssue(issue) {
      const route = 'POST /repos/{owner}/{repo}/issues'
      return (await ask({ what: 'open an issue', right, route, params: { ...issue }, answer: issueAnswer })).value
    },
    findIssue: (number) =>
      find({
        what: `find issue ${number}`,
        right: 'issues: read',
        route: 'GET /repos/{owner}/{repo}/issues/{issue_number}',
        params: { issue_number: number },
        answer: issueAnswer,
      }),
    async updateIssue(number, change) {
      const route = 'PATCH /repos/{owner}/{repo}/issues/{issue_number}'
      const params = { issue_number: number, ...change }
      await ask({ what: `change issue ${number}`, right, route, params, answer: noAnswer })
    },
    async commentOnIssue(number, body) {
      const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
      const params = { issue_number: number, body }
      await ask({ what: `comment on issue ${number}`, right, route, params, answer: noAnswer })
    },
  }
}

function aRepository(): Question<GithubRepository> {
  return {
    what: 'read the repository',
    right: 'contents: read',
    route: 'GET /repos/{owner}/{repo}',
    answer: repositoryAnswer,
  }
}

function aDispatch(workflow: string, rest: { ref: string; inputs: Readonly<Record<string, string>> }) {
  const file = basename(workflow)
  return {
    what: `start ${file}`,
    right: 'actions: write',
    route: 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
    params: { workflow_id: file, ...rest },
    answer: dispatchAnswer,
  }
}

function theSuccesses(workflow: string, event: string): Question<GithubRun[]> {
  const file = basename(workflow)
  return {
    what: `list the runs of ${file} that succeeded`,
    right: 'actions: read',
    route: 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
    params: { workflow_id: file, event, status: 'success', per_page: 1 },
    answer: runsAnswer,
  }
}

async function findNewestCommit(ask: Ask): Promise<{ sha: string; at: Date } | undefined> {
  try {
    const { value } = await ask({
      what: 'find the newest commit',
      right: 'contents: read',
      route: 'GET /repos/{owner}/{repo}/commits',
      params: { per_page: 1 },
      answer: commitsAnswer,
    })
    return value
  } catch (error) {
    if (statusOf(error) === 409) return undefined // a repository without a commit
    throw error
  }
}

async function listPages<T>(ask: Ask, limit: number, question: Question<T[]>): Promise<T[]> {
  const found: T[] = []
  for (let page = 1; page <= PAGES && found.length < limit; page += 1) {
    const { value, hasNextPage } = await ask({ ...question, params: { ...question.params, per_page: PAGE, page } })
    found.push(...value)
    if (!hasNextPage) break
  }
  return found
}

const statusOf = (error: unknown) => (error instanceof SourceFailure ? error.context['status'] : undefined)

const mayBeTooOld = (error: unknown) => statusOf(error) === 400 || statusOf(error) === 422
