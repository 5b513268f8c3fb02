// Jobs with lines, slots and runs in a real ledger, for tests of what health is read from.

import assert from 'node:assert/strict'

import type { Sql } from '../../src/lib/db.ts'
import { endRun, type RunEnd } from '../../src/ledger/run-end.ts'
import { takeRun, type NewRun } from '../../src/ledger/runs.ts'
import { insertSlots } from '../../src/ledger/slots.ts'
import { anEnd, aRun, at } from '../helpers/builders.ts'
import { aNewSlot, aScheduleLine } from '../helpers/ledger.ts'

let jobs = 0

/** A name that no other test of the file uses. */
export const aJobName = (): string => `test/job${++jobs}`

/** A job with a line of its own, in force since the first of the month, and due slots. */
export async function aJobWithSlots(sql: Sql, ...dueAt: string[]): Promise<{ job: string; line: string }> {
  const job = aJobName()
  const line = await aScheduleLine(sql, { job })
  const slots = dueAt.map((due) => aNewSlot({ job, scheduleId: line, dueAt: at(due) }))
  await insertSlots(sql, slots, at('18 00:00'))
  return { job, line }
}

/** A run that begins and, a minute later, ends and lets its slot go. Returns its id. */
export async function aRunOf(
  sql: Sql,
  run: Partial<NewRun> & { job: string },
  wish: Partial<RunEnd> = {},
): Promise<string> {
  const begun = aRun(run)
  const end = anEnd({ finishedAt: new Date(begun.startedAt.getTime() + 60_000), ...wish })
  assert.deepEqual(await takeRun(sql, begun), { taken: true })
  assert.equal(await endRun(sql, begun, end), true)
  return begun.id
}
