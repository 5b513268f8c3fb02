// GitHub's side of a run: the event's facts for the door, and what is told of its end in annotations, outputs and summary.

import { readFileSync } from 'node:fs'

import { ConfigFailure } from '../core/errors.ts'
import { escapeMarkdown } from '../core/markup.ts'
import { exitCodeOf } from '../core/run.ts'
import { isOnActions, type Env } from '../lib/env.ts'
import { annotate, putOut, summarise } from '../lib/output.ts'
import { toMarkdown, type SummaryLinks } from './summary.ts'
import type { RunReport } from './types.ts'
import type { GithubEvent } from './wake-up.ts'

/** GitHub shows ten annotations of a kind per step and drops the rest. */
const MAX_ANNOTATIONS = 10

/** The event that started this process; undefined outside GitHub. Throws ConfigFailure when its payload is unreadable. */
export function readEvent(env: Env): GithubEvent | undefined {
  if (env.GITHUB_EVENT_NAME === undefined) return undefined
  return {
    name: env.GITHUB_EVENT_NAME,
    attempt: env.GITHUB_RUN_ATTEMPT ?? 1,
    actor: env.GITHUB_ACTOR,
    payload: env.GITHUB_EVENT_PATH === undefined ? {} : readPayload(env.GITHUB_EVENT_PATH),
  }
}

function readPayload(path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  } catch (cause) {
    throw new ConfigFailure('the event file named by GITHUB_EVENT_PATH cannot be read as JSON', {
      code: 'bad_event',
      cause,
    })
  }
}

/** Production is for the default branch only; anything else could be anybody's branch. Throws ConfigFailure. */
export function checkRef(env: Env, environment: string, event: GithubEvent | undefined): void {
  if (environment !== 'production' || !isOnActions(env)) return
  const branch = defaultBranchOf(event)
  const ref = env.GITHUB_REF ?? 'no ref'
  if (branch === undefined ? isSchedule(event) && ref.startsWith('refs/heads/') : ref === `refs/heads/${branch}`) return
  const only = branch === undefined ? 'the default branch, and the event does not say which that is' : `the default branch "${branch}"` // prettier-ignore
  throw new ConfigFailure(
    `production runs only on ${only}; this run is on ${ref}: merge first, or choose the environment development. Nothing was changed.`,
    { code: 'wrong_ref', context: { branch: branch ?? null, ref } },
  )
}

function defaultBranchOf(event: GithubEvent | undefined): string | undefined {
  const repository = event?.payload['repository'] as { default_branch?: unknown } | undefined
  return typeof repository?.default_branch === 'string' ? repository.default_branch : undefined
}

/** GitHub's schedule is always the default branch's, and may carry no repository that would say which it is. */
function isSchedule(event: GithubEvent | undefined): boolean {
  return event?.name === 'schedule'
}

/** Why a chain is not followed: the end of a run of somebody's fork, or of another branch, wakes nothing here, whatever the
 *  workflow's `if:` says. Undefined: it is ours. */
export function findStranger(env: Env, event: GithubEvent | undefined): string | undefined {
  if (event?.name !== 'workflow_run') return undefined
  const { repository, workflow_run: parent } = event.payload as {
    repository?: { full_name?: unknown }
    workflow_run?: { head_branch?: unknown; head_repository?: { full_name?: unknown } | null }
  }
  const ours = repository?.full_name ?? env.GITHUB_REPOSITORY
  const theirs = parent?.head_repository?.full_name
  const branch = defaultBranchOf(event)
  const onDefault = branch !== undefined && parent?.head_branch === branch
  if (ours !== undefined && theirs === ours && onDefault) return undefined
  const head = [theirs, parent?.head_branch].map((part) => (typeof part === 'string' ? part : 'unknown')).join(' at ')
  return `The run that ended was of ${head}: only the default branch of this repository wakes its jobs. Nothing was run.`
}

/** Links of a summary, where the run has a page. */
function linksOf(env: Env): SummaryLinks {
  if (env.GITHUB_SERVER_URL === undefined || env.GITHUB_REPOSITORY === undefined) return {}
  const repository = `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}`
  return {
    run: env.GITHUB_RUN_ID && `${repository}/actions/runs/${env.GITHUB_RUN_ID}`,
    commit: env.GITHUB_SHA && `${repository}/commit/${env.GITHUB_SHA}`,
  }
}

/** Writes summary, annotations and outputs of a finished run. */
export async function tellActions(env: Env, report: RunReport): Promise<void> {
  if (!isOnActions(env)) return
  await summarise(env, toMarkdown(report, linksOf(env)))
  const title = `${report.job.id} ${report.outcome}`
  if (exitCodeOf(report.outcome) === 1) annotate('error', report.reason ?? report.outcome, { on: env, title })
  for (const item of report.record.failed.slice(0, MAX_ANNOTATIONS)) {
    annotate('warning', `${item.kind} ${item.key}: ${item.message}`, { on: env, title })
  }
  putOut(env, { 'run-id': report.run.id, outcome: report.outcome, period: report.run.period.key })
}

/** One sentence for the Actions page when there rightly was nothing to do. */
export async function tellNotice(env: Env, sentence: string): Promise<void> {
  annotate('notice', sentence, { on: env })
  await summarise(env, `## ○ Nothing was run\n\n${escapeMarkdown(sentence)}\n`)
}

/** One sentence for the Actions page when no run came to be. Reads raw variables: they may be what was refused. */
export async function tellRefusal(variables: NodeJS.ProcessEnv, sentence: string): Promise<void> {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY } = variables
  annotate('error', sentence, { on: { GITHUB_ACTIONS } })
  await summarise(
    { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY: GITHUB_STEP_SUMMARY || undefined },
    `## ✕ Nothing was run\n\n${escapeMarkdown(sentence)}\n`,
  )
}
