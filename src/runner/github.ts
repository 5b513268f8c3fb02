// GitHub's side of a run: the event's facts for the door, annotations, outputs and the job summary.
// `@actions/core` costs 150 ms to load, so only a run on Actions loads it.

import { readFileSync } from 'node:fs'

import { ConfigFailure } from '../core/errors.ts'
import { exitCodeOf } from '../core/run.ts'
import { isOnActions, type Env } from '../lib/env.ts'
import type { RunReport } from './run-job.ts'
import { toMarkdown, type SummaryLinks } from './summary.ts'
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
  const repository = event?.payload['repository'] as { default_branch?: unknown } | undefined
  const branch = typeof repository?.default_branch === 'string' ? repository.default_branch : 'main'
  if (env.GITHUB_REF === `refs/heads/${branch}`) return
  throw new ConfigFailure(
    `production runs only on the default branch "${branch}", this run is on ${env.GITHUB_REF ?? 'no ref'}: merge first, or choose the environment development. Nothing was changed.`,
    { code: 'wrong_ref', context: { branch, ref: env.GITHUB_REF ?? null } },
  )
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

/** Hides a value in everything this job prints from now on. */
export async function maskOnActions(env: Env, secrets: readonly (string | undefined)[]): Promise<void> {
  if (!isOnActions(env)) return
  const { setSecret } = await import('@actions/core')
  for (const secret of secrets) if (secret) setSecret(secret)
}

/** Writes summary, annotations and outputs of a finished run. */
export async function tellActions(env: Env, report: RunReport, redact: (text: string) => string): Promise<void> {
  if (!isOnActions(env)) return
  const core = await import('@actions/core')
  if (env.GITHUB_STEP_SUMMARY) {
    await core.summary.addRaw(redact(toMarkdown(report, linksOf(env))), true).write()
  }
  const title = `${report.job.id} ${report.outcome}`
  if (exitCodeOf(report.outcome) === 1) core.error(redact(report.reason ?? report.outcome), { title })
  for (const item of report.record.failed.slice(0, MAX_ANNOTATIONS)) {
    core.warning(redact(`${item.kind} ${item.key}: ${item.message}`), { title })
  }
  if (env.GITHUB_OUTPUT === undefined) return
  core.setOutput('run-id', report.run.id)
  core.setOutput('outcome', report.outcome)
  core.setOutput('period', report.run.period.key)
}

/** One sentence for the Actions page when no run came to be. Reads raw variables: they may be what was refused. */
export async function tellRefusal(variables: NodeJS.ProcessEnv, sentence: string): Promise<void> {
  if (variables['GITHUB_ACTIONS'] !== 'true') return
  const core = await import('@actions/core')
  core.error(sentence)
  if (variables['GITHUB_STEP_SUMMARY']) await core.summary.addRaw(`## ✕ Nothing was run\n\n${sentence}\n`, true).write()
}
