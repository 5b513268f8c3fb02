// Incidents follow the conditions: opened, reopened, changed and closed once each, with a flip for whatever people are told.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { foldConditions } from '../../src/core/fold-conditions.ts'
import { CAUSES, SEVERITIES, type Cause, type Condition } from '../../src/core/incident.ts'
import { acknowledge, listOpenIncidents, syncIncidents } from '../../src/ledger/incidents.ts'
import { at } from '../helpers/builders.ts'
import { aDatabase, aDatabaseForThisFile } from '../helpers/database.ts'

const { sql } = await aDatabaseForThisFile()
let subjects = 0

const A_RUN = '00000000-0000-4000-8000-000000000001'
const nothing = { opened: 0, reopened: 0, changed: 0, closed: 0 }

/** Something wrong with a job of its own. */
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

interface Row {
  id: string
  times: number
  closed_at: Date | null
  title: string
  acknowledged_by: string | null
}

// Other tests of this file leave incidents open: each looks at its own subject, and says what it closes by its cause alone.
async function incidentsOf(subject: string): Promise<Row[]> {
  return await sql<Row[]>`select id, times, closed_at, title, acknowledged_by from ledger.incidents where subject = ${subject} order by id` // prettier-ignore
}

async function flipsOf(subject: string): Promise<string[]> {
  const rows = await sql<{ old_health: string; new_health: string; reason: string }[]>`
    select old_health, new_health, reason from ledger.flips where subject = ${subject} order by id
  `
  return rows.map((row) => `${row.old_health} > ${row.new_health}: ${row.reason}`)
}

/** As if this subject were the only one: conditions that stand for everybody else's open incidents stay. */
async function sync(conditions: readonly Condition[], when: string, judged: readonly Cause[] = CAUSES) {
  const mine = new Set(conditions.map(({ subject }) => subject))
  const others = (await listOpenIncidents(sql)).filter(({ subject }) => !mine.has(subject) && !ended.has(subject))
  return await syncIncidents(sql, [...conditions, ...others], { judged, now: at(when) })
}

const ended = new Set<string>()

/** Nothing is wrong with this subject any more. */
async function end(subject: string, when: string, judged: readonly Cause[] = CAUSES) {
  ended.add(subject)
  try {
    return await sync([], when, judged)
  } finally {
    ended.delete(subject)
  }
}

test('a condition opens an incident, with a flip from well', async () => {
  const condition = aCondition()

  assert.deepEqual(await sync([condition], '19 08:11'), { ...nothing, opened: 1 })

  const open = (await listOpenIncidents(sql)).find(({ subject }) => subject === condition.subject)
  const { id, ...rest } = open ?? {}
  assert.match(id ?? '', /^\d+$/)
  assert.deepEqual(rest, { ...condition, openedAt: at('19 08:11'), times: 1, acknowledged: undefined })
  const flips = await sql`select * from ledger.flips where subject = ${condition.subject}`
  const { id: _, ...flip } = flips[0] ?? {}
  assert.deepEqual(flip, {
    subject: condition.subject,
    old_health: 'well',
    new_health: 'warning',
    reason: 'it failed',
    reminder: false,
    run_id: A_RUN,
    flipped_at: at('19 08:11'),
    told_at: null,
    incident_id: id,
  })
})

test('a condition that goes on changes nothing', async () => {
  const condition = aCondition()
  await sync([condition], '19 08:11')

  assert.deepEqual(await sync([{ ...condition, knowableAt: at('19 08:15') }], '19 08:20'), nothing)
  assert.equal((await flipsOf(condition.subject)).length, 1)
  const open = (await listOpenIncidents(sql)).find(({ subject }) => subject === condition.subject)
  assert.deepEqual(open?.knowableAt, at('19 08:10'))
})

test('a new title is written down and told to nobody', async () => {
  const condition = aCondition()
  await sync([condition], '19 08:11')
  const next = { ...condition, title: 'it failed twice', detail: 'there is one try left', runId: undefined, slotDueAt: at('20 08:07') } // prettier-ignore

  assert.deepEqual(await sync([next], '19 08:41'), nothing)
  const open = (await listOpenIncidents(sql)).find(({ subject }) => subject === condition.subject)
  assert.deepEqual([open?.title, open?.detail, open?.runId, open?.slotDueAt], [next.title, next.detail, undefined, next.slotDueAt]) // prettier-ignore
  assert.equal((await flipsOf(condition.subject)).length, 1)
})

test('a change of gravity is a flip, in both directions', async () => {
  const condition = aCondition()
  await sync([condition], '19 08:11')

  assert.deepEqual(await sync([{ ...condition, severity: 'critical', title: 'it failed for good' }], '19 09:11'), {
    ...nothing,
    changed: 1,
  })
  assert.deepEqual(await sync([condition], '19 10:11'), { ...nothing, changed: 1 })

  assert.deepEqual(await flipsOf(condition.subject), [
    'well > warning: it failed',
    'warning > critical: it failed for good',
    'critical > warning: it failed',
  ])
})

test('an incident whose condition is over is closed, and says how long the trouble lasted', async () => {
  const { subject } = aCondition()
  await sync([aCondition({ subject, severity: 'critical' })], '19 08:30')

  assert.deepEqual(await end(subject, '19 10:20'), { ...nothing, closed: 1 })

  assert.deepEqual(await flipsOf(subject), ['well > critical: it failed', 'critical > well: well again after 2 h 10 m'])
  assert.deepEqual((await incidentsOf(subject))[0]?.closed_at, at('19 10:20'))
  assert.equal((await listOpenIncidents(sql)).filter((one) => one.subject === subject).length, 0)
  assert.deepEqual(await end(subject, '19 10:30'), nothing)
})

test('a trouble that comes back within a day is the same incident, once more, and nobody has taken it on', async () => {
  const condition = aCondition()
  await sync([condition], '19 08:11')
  const [first] = await incidentsOf(condition.subject)
  await acknowledge(sql, first?.id ?? '', { by: 'ann', at: at('19 08:20') })
  await end(condition.subject, '19 09:00')

  const back = { ...condition, title: 'it failed again', knowableAt: at('20 08:00'), severity: 'critical' as const }
  assert.deepEqual(await sync([back], '20 08:59'), { ...nothing, reopened: 1 })

  const open = (await listOpenIncidents(sql)).find(({ subject }) => subject === condition.subject)
  assert.deepEqual(open, { ...back, id: first?.id, openedAt: at('19 08:11'), times: 2, acknowledged: undefined })
  assert.deepEqual((await flipsOf(condition.subject)).at(-1), 'well > critical: it failed again')
})

test('a trouble that comes back after a day is an incident of its own', async () => {
  const condition = aCondition()
  await sync([condition], '19 08:11')
  await end(condition.subject, '19 09:00')

  assert.deepEqual(await sync([condition], '20 09:00'), { ...nothing, opened: 1 })

  const rows = await incidentsOf(condition.subject)
  assert.deepEqual(
    rows.map(({ times, closed_at }) => [times, closed_at]),
    [
      [1, at('19 09:00')],
      [1, null],
    ],
  )
})

test('of several earlier incidents the one that closed last is opened again', async () => {
  const condition = aCondition()
  await sync([condition], '18 06:00')
  await end(condition.subject, '18 07:00')
  await sync([condition], '19 08:00')
  await end(condition.subject, '19 09:00')

  assert.deepEqual(await sync([condition], '19 09:30'), { ...nothing, reopened: 1 })
  assert.deepEqual(
    (await incidentsOf(condition.subject)).map(({ times }) => times),
    [1, 2],
  )
})

test('a cause that the pass could not judge is neither opened, changed nor closed', async () => {
  const condition = aCondition({ cause: 'not_started' })
  const judged = CAUSES.filter((cause) => cause !== 'not_started')

  assert.deepEqual(await sync([condition], '19 08:11', judged), nothing)
  await sync([condition], '19 08:12')
  assert.deepEqual(await sync([{ ...condition, severity: 'critical' }], '19 08:13', judged), nothing)
  assert.deepEqual(await end(condition.subject, '19 08:14', judged), nothing)
  assert.deepEqual(await end(condition.subject, '19 08:15'), { ...nothing, closed: 1 })
})

test('the gravest incidents come first, and then the oldest', async () => {
  await using database = await aDatabase()
  const later = (['info', 'warning', 'critical'] as const).map((severity) => aCondition({ severity, title: `later ${severity}` })) // prettier-ignore
  const early = later.map((one) => ({
    ...one,
    subject: `${one.subject}b`,
    cause: 'stale' as const,
    title: one.title.replace('later', 'early'),
  }))
  await syncIncidents(database.sql, early, { judged: ['stale'], now: at('19 08:00') })
  await syncIncidents(database.sql, later, { judged: ['failed'], now: at('19 09:00') })

  assert.deepEqual(
    (await listOpenIncidents(database.sql)).map(({ title }) => title),
    ['early critical', 'later critical', 'early warning', 'later warning', 'early info', 'later info'],
  )
})

test('an incident is acknowledged once, and only while it is open', async () => {
  const { subject } = aCondition()
  await sync([aCondition({ subject })], '19 08:11')
  const [row] = await incidentsOf(subject)
  const id = row?.id ?? ''

  assert.equal(await acknowledge(sql, id, { by: 'ann', at: at('19 08:20') }), true)
  assert.equal(await acknowledge(sql, id, { by: 'bob', at: at('19 08:21') }), false)
  const open = (await listOpenIncidents(sql)).find((one) => one.id === id)
  assert.deepEqual(open?.acknowledged, { by: 'ann', at: at('19 08:20') })

  const other = aCondition()
  await sync([other], '19 08:11')
  const [closed] = await incidentsOf(other.subject)
  await end(other.subject, '19 09:00')
  assert.equal(await acknowledge(sql, closed?.id ?? '', { by: 'ann', at: at('19 09:01') }), false)
})

test('passes at the same time open, reopen and close an incident once', async () => {
  await using database = await aDatabase()
  const conditions = Array.from({ length: 20 }, () => aCondition())
  const together = (found: readonly Condition[], when: string) =>
    Promise.all([1, 2, 3].map(() => syncIncidents(database.sql, found, { judged: CAUSES, now: at(when) })))
  const sum = (all: readonly (typeof nothing)[]) =>
    all.reduce((a, b) => ({ opened: a.opened + b.opened, reopened: a.reopened + b.reopened, changed: a.changed + b.changed, closed: a.closed + b.closed })) // prettier-ignore

  assert.deepEqual(sum(await together(conditions, '19 08:11')), { ...nothing, opened: 20 })
  assert.deepEqual(sum(await together([], '19 08:20')), { ...nothing, closed: 20 })
  assert.deepEqual(sum(await together(conditions, '19 08:30')), { ...nothing, reopened: 20 })
  const [flips] = await database.sql<{ count: number }[]>`select count(*)::integer from ledger.flips`
  assert.equal(flips?.count, 60)
})

const anyCondition = fc.record({
  subject: fc.constantFrom('test/one', 'test/two', 'source:s'),
  cause: fc.constantFrom<Cause>('failed', 'overdue', 'breaker_open'),
  severity: fc.constantFrom(...SEVERITIES),
  title: fc.constantFrom('one', 'two'),
})
const keyOf = ({ subject, cause }: Pick<Condition, 'subject' | 'cause'>) => `${subject} ${cause}`
const anySet = fc.uniqueArray(anyCondition, { selector: keyOf, maxLength: 6 })
// Hours between two passes: about the day after which a trouble is a new one.
const anyPasses = fc.array(fc.tuple(fc.constantFrom(1, 12, 23, 25), anySet), { minLength: 1, maxLength: 12 })

test('after any passes the open incidents are the last conditions, and each incident’s flips join end to end', async () => {
  await using database = await aDatabase()
  const db = database.sql
  await fc.assert(
    fc.asyncProperty(anyPasses, async (passes) => {
      await db`truncate ledger.incidents, ledger.flips cascade`
      let now = at('01 00:00')
      let told = 0
      for (const [hours, found] of passes) {
        now = new Date(now.getTime() + hours * 3_600_000)
        const conditions = found.map((one) => aCondition({ ...one, knowableAt: now }))
        const done = await syncIncidents(db, conditions, { judged: CAUSES, now })
        told += done.opened + done.reopened + done.changed + done.closed
        const open = await listOpenIncidents(db)
        const seen = open.map((one) => `${keyOf(one)} ${one.severity} ${one.title}`)
        const one = foldConditions(conditions)
        assert.deepEqual(seen.sort(), one.map((each) => `${keyOf(each)} ${each.severity} ${each.title}`).sort())
      }
      const flips = await db<{ incident_id: string; old_health: string; new_health: string }[]>`
        select incident_id, old_health, new_health from ledger.flips order by id
      `
      assert.equal(flips.length, told)
      const health = new Map<string, string>()
      for (const flip of flips) {
        assert.equal(flip.old_health, health.get(flip.incident_id) ?? 'well')
        assert.ok(flip.new_health !== 'well' || flip.old_health !== 'well')
        health.set(flip.incident_id, flip.new_health)
      }
    }),
    { numRuns: 40 },
  )
})
