// What views and pages are told, and rows of the account for them to show.

import { randomUUID } from 'node:crypto'

import type { Sql } from '../../src/lib/db.ts'
import type { Trigger } from '../../src/core/run.ts'
import { sources } from '../../src/leagues/index.ts'
import { insertSlots, type NewSlot } from '../../src/ledger/slots.ts'
import { takeRun } from '../../src/ledger/runs.ts'
import type { ViewContext, ViewJob } from '../../src/views/context.ts'

import { aRun, at } from './builders.ts'
import { aNewSlot } from './ledger.ts'

/** Those of the leagues, and one whose terms forbid everything. */
export const someSources: ViewContext['sources'] = [
  ...sources,
  { name: 'tab-nz', terms: { may: 'nothing', say: 'personal use only, not to be republished without permission' } },
]

/** Tuesday 19 November 2024, noon UTC; New York's clock says 07:00. */
export function aSite(wish: Partial<ViewContext> = {}): ViewContext {
  return {
    now: at('19 12:00'),
    environment: 'test',
    jobs: [aViewJob()],
    sources: someSources,
    repositoryUrl: undefined,
    commit: undefined,
    zone: 'UTC',
    simulated: false,
    ...wish,
  }
}

export function aViewJob(id = 'test/one', wish: Partial<ViewJob> = {}): ViewJob {
  return {
    id,
    league: id.split('/')[0] ?? '',
    title: 'a job of a test',
    graceMinutes: 30,
    deadlineMinutes: 360,
    needs: {},
    sources: [],
    seasonalPeriod: undefined,
    workflow: undefined,
    ...wish,
  }
}

interface SlotWish extends Pick<NewSlot, 'job' | 'scheduleId'> {
  readonly dueAt: Date
  readonly state: 'due' | 'running' | 'served' | 'failed' | 'missed' | 'coalesced' | 'waived'
  /** When the run that held it began; undefined: none did. */
  readonly startedAt?: Date
  readonly trigger?: Trigger
  readonly outcome?: 'succeeded' | 'partial' | 'failed'
  readonly items?: number
  readonly reason?: string
}

/** A slot in any state, with the run that held it; returns the run's id. */
export async function aPastSlot(sql: Sql, wish: SlotWish): Promise<string | undefined> {
  const { job, dueAt, scheduleId, startedAt, state } = wish
  await insertSlots(sql, [aNewSlot({ job, scheduleId, dueAt })], dueAt)
  const runId = startedAt && randomUUID()
  if (startedAt && runId) {
    await takeRun(sql, aRun({ id: runId, job, slotDueAt: dueAt, startedAt, trigger: wish.trigger ?? 'schedule' }))
    if (state !== 'running')
      await sql`update ledger.runs set outcome = ${wish.outcome ?? 'succeeded'}, finished_at = ${startedAt} where id = ${runId}`
  }
  await sql`
    update ledger.slots
    set state = ${state}, outcome = ${startedAt ? (wish.outcome ?? 'succeeded') : null}, items_written = ${wish.items ?? null},
      reason = ${wish.reason ?? null}
    where job = ${job} and due_at = ${dueAt}
  `
  return runId
}
