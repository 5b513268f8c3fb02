// Of a job there is one incident at a time, whatever shows that something is wrong with it.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import { CAUSES, type Condition } from '../../src/core/incident.ts'
import { listOpenIncidents, syncIncidents } from '../../src/ledger/incidents.ts'
import { at } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'

const { sql } = await aDatabaseForThisFile()
const A_RUN = '00000000-0000-4000-8000-000000000001'
const nothing = { opened: 0, reopened: 0, changed: 0, closed: 0 }
let subjects = 0

beforeEach(() => sql`truncate ledger.incidents, ledger.flips cascade`)

function aCondition(wish: Partial<Condition> = {}): Condition {
  return {
    subject: `test/job${++subjects}`,
    cause: 'failed',
    severity: 'warning',
    title: 'it failed',
    detail: 'it is tried again',
    runId: A_RUN,
    slotDueAt: at('19 08:07'),
    knowableAt: at('19 08:10'),
    ...wish,
  }
}

const sync = (found: readonly Condition[], when: string) => syncIncidents(sql, found, { judged: CAUSES, now: at(when) })

async function flipsOf(subject: string): Promise<string[]> {
  const rows = await sql<{ old_health: string; new_health: string; reason: string }[]>`
    select old_health, new_health, reason from ledger.flips where subject = ${subject} order by id
  `
  return rows.map((row) => `${row.old_health} > ${row.new_health}: ${row.reason}`)
}

test('a job has one incident: another cause that comes beside it, or after it, changes that one, and it ends once', async () => {
  const overdue = aCondition({ cause: 'overdue', title: 'it is late', runId: undefined })
  const { subject } = overdue
  const failed = { ...overdue, cause: 'failed' as const, title: 'it failed', runId: A_RUN, knowableAt: at('19 08:40') }
  const missed = { ...overdue, cause: 'missed' as const, severity: 'critical' as const, title: 'it missed a slot' }
  const stale = { ...overdue, cause: 'stale' as const, severity: 'critical' as const, title: 'no success for long' }

  assert.deepEqual(await sync([overdue, stale], '19 08:37'), { ...nothing, opened: 1 })
  assert.deepEqual(await sync([overdue, stale, failed], '19 08:41'), { ...nothing, changed: 1 })
  const [open] = (await listOpenIncidents(sql)).filter((one) => one.subject === subject)
  assert.deepEqual([open?.cause, open?.severity, open?.title, open?.runId], ['failed', 'warning', 'it failed', A_RUN])
  assert.equal(open?.detail, 'it is tried again Also: it is late; no success for long.')
  assert.deepEqual(await sync([missed, stale], '19 14:07'), { ...nothing, changed: 1 })
  assert.deepEqual(await sync([], '19 15:00'), { ...nothing, closed: 1 })

  assert.equal((await sql`select 1 from ledger.incidents`).length, 1)
  assert.deepEqual(await flipsOf(subject), [
    'well > warning: it is late',
    'warning > warning: it failed',
    'warning > critical: it missed a slot',
    'critical > well: well again after 6 h 50 m',
  ])
})

test('several incidents of one job, as they were kept before, become one', async () => {
  const { subject } = aCondition()
  await sql`
    insert into ledger.incidents (subject, cause, severity, title, detail, knowable_at, opened_at)
    select ${subject}, cause, 'warning', 'it is late', 'd', ${at('19 08:37')}, ${at('19 08:37')}
    from unnest(array['overdue', 'stale', 'failed']) as cause
  `

  const done = await sync([aCondition({ subject }), aCondition({ subject, cause: 'overdue' })], '19 08:41')

  assert.deepEqual(done, { ...nothing, closed: 2 })
  const open = await listOpenIncidents(sql)
  assert.deepEqual(open.map(({ title }) => title), ['it failed']) // prettier-ignore
})

test('what is open of a job that could not be judged stays as it is; what is new of it is opened', async () => {
  const seen = aCondition()
  const unseen = aCondition()
  await sync([seen], '19 08:11')
  const blind = [seen.subject, unseen.subject]
  const judge = (found: readonly Condition[], when: string) =>
    syncIncidents(sql, found, { judged: CAUSES, now: at(when), blind })

  assert.deepEqual(await judge([], '19 08:20'), nothing)
  assert.deepEqual(await judge([{ ...seen, severity: 'critical' }, unseen], '19 08:21'), { ...nothing, opened: 1 })
})

test('the watch has an incident for each cause, and each ends alone', async () => {
  const gap = aCondition({ subject: 'ops/watch', cause: 'wake_up_gap' })
  const disabled = { ...gap, cause: 'disabled' as const }
  await sync([gap, disabled], '19 09:00')

  assert.deepEqual(await sync([disabled], '19 10:00'), { ...nothing, closed: 1 })
  assert.equal((await listOpenIncidents(sql)).length, 1)
  assert.deepEqual(await sync([], '19 10:01'), { ...nothing, closed: 1 })
})
