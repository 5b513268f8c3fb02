// Reads GitHub's answers: one schema for each, and the things that they become.

import { z } from 'zod'

import type { GithubIssue, GithubRepository, GithubRun } from './github-api.ts'

// Octokit hands over an id beyond 2^53 as a bigint.
const id = z.union([z.number(), z.bigint()]).transform(String)
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

/** A workflow run. */
export const runAnswer = z
  .object({
    id,
    event: z.string(),
    status: z.string().nullish(),
    conclusion: z.string().nullish(),
    created_at: instant,
    html_url: z.string(),
    // Absent from servers of before 2022.
    run_attempt: z.number().default(1),
    path: z.string().default(''),
  })
  .transform((run): GithubRun => ({
    id: run.id,
    attempt: run.run_attempt,
    // A ref may follow: `.github/workflows/nfl-bronze.yml@main`.
    file: run.path.replace(/@.*$/, ''),
    event: run.event,
    status: run.status ?? 'unknown',
    conclusion: run.conclusion ?? undefined,
    createdAt: run.created_at,
    url: run.html_url,
  }))

export const runsAnswer = z.object({ workflow_runs: z.array(runAnswer) }).transform((page) => page.workflow_runs)

export const workflowsAnswer = z
  .object({ workflows: z.array(z.object({ path: z.string(), state: z.string() })) })
  .transform(({ workflows }) => workflows.map(({ path, state }) => ({ file: path, state })))

/** Undefined from a server that started the run and does not say which. */
export const dispatchAnswer = z
  .object({ workflow_run_id: id })
  .transform((made): string | undefined => made.workflow_run_id)
  .catch(undefined)

export const repositoryAnswer = z
  .object({
    default_branch: z.string().min(1),
    private: z.boolean(),
    fork: z.boolean(),
    has_pages: z.boolean(),
    has_issues: z.boolean().default(true),
  })
  .transform((made): GithubRepository => ({
    defaultBranch: made.default_branch,
    private: made.private,
    fork: made.fork,
    hasPages: made.has_pages,
    hasIssues: made.has_issues,
  }))

export const commitsAnswer = z
  .array(z.object({ sha: z.string().min(1), commit: z.object({ committer: z.object({ date: instant }) }) }))
  .transform(([newest]) => newest && { sha: newest.sha, at: newest.commit.committer.date })

/** An issue. */
export const issueAnswer = z
  .object({
    number: z.number(),
    state: z.string(),
    labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])),
    html_url: z.string(),
  })
  .transform((issue): GithubIssue => ({
    number: issue.number,
    open: issue.state === 'open',
    labels: issue.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
    url: issue.html_url,
  }))

/** Of a call that is done once GitHub says 2xx. */
export const noAnswer = z.unknown().transform(() => undefined)
