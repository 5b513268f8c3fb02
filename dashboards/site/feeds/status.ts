// status.json and jobs/<sport>/<name>.json. Their shapes are a promise: fields may be added, none is renamed or removed
// without a new `version`. README describes them.

import type { ViewContext } from '../../../src/views/context.ts'
import type { FeedJob, FeedRun, FeedsView } from '../../../src/views/feeds/feeds.ts'
import type { SiteFile } from '../build.ts'

const VERSION = 1

/** `status.json`: the state of everything at the moment of the build. */
export function renderStatus(site: ViewContext, view: FeedsView): SiteFile {
  return toJson('status.json', {
    version: VERSION,
    built_at: site.now,
    environment: site.environment,
    commit: site.commit ?? null,
    simulated: site.simulated,
    state: isTrouble(view) ? 'trouble' : 'fine',
    sentence: view.headline.sentence,
    detail: view.headline.detail,
    jobs: view.jobs.map((job) => ({
      id: job.job.id,
      title: job.job.title,
      state: stateOf(job),
      paused_until: job.paused?.until ?? null,
      last_slot: slotOf(job),
      last_run: lastRunOf(job),
      last_success_at: job.lastSuccessAt ?? null,
      next_due_at: job.today.next?.dueAt ?? null,
      history: `jobs/${job.job.id}.json`,
    })),
    incidents: view.open.map(({ id, subject, cause, severity, title, openedAt, acknowledged }) => ({
      id,
      subject,
      cause,
      severity,
      title,
      opened_at: openedAt,
      acknowledged_at: acknowledged?.at ?? null,
    })),
  })
}

/** `jobs/<sport>/<name>.json`: the newest runs of every job that were not gated. */
export function renderHistories(site: ViewContext, view: FeedsView): SiteFile[] {
  return view.jobs.map(({ job, runs }) =>
    toJson(`jobs/${job.id}.json`, {
      version: VERSION,
      built_at: site.now,
      environment: site.environment,
      job: job.id,
      title: job.title,
      runs: runs.map(runOf),
    }),
  )
}

/** Anything that the Overview would not call fine. */
export function isTrouble({ headline, open }: Pick<FeedsView, 'headline' | 'open'>): boolean {
  const fine = ['on time', 'early', 'waiting', 'running'].includes(headline.state)
  return !fine || open.some(({ severity }) => severity !== 'info')
}

/** What a job's newest slot is shown as; `paused` and `none` where that is the whole answer. */
export function stateOf({ today, paused }: Pick<FeedJob, 'today' | 'paused'>): string {
  if (paused) return 'paused'
  return today.slot?.state ?? 'none'
}

function slotOf({ today: { slot } }: FeedJob): unknown {
  if (slot === undefined) return null
  return { due_at: slot.dueAt, state: slot.state, started_at: slot.startedAt ?? null, run_id: slot.runId ?? null }
}

function lastRunOf({ runs: [run] }: FeedJob): unknown {
  return run ? runOf(run) : null
}

function runOf(run: FeedRun): unknown {
  return {
    id: run.id,
    outcome: run.outcome,
    trigger: run.trigger,
    attempt: run.attempt,
    period: run.period ?? null,
    slot_due_at: run.slotDueAt ?? null,
    started_at: run.startedAt,
    finished_at: run.finishedAt ?? null,
    duration_ms: run.durationMs ?? null,
    items: run.items,
    reason: run.reason ?? null,
    error: run.error ? { code: run.error.code ?? null, message: run.error.message } : null,
    github: run.github ? { run_id: run.github.runId, attempt: run.github.attempt } : null,
  }
}

function toJson(path: string, value: unknown): SiteFile {
  return { path, text: `${JSON.stringify(value)}\n` }
}
