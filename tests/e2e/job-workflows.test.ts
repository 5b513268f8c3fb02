// Every job's workflow runs for real, under act, for every event that it declares: the door runs, the ledger and the job
// summary say what happened.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import type { AnyJob } from '../../src/core/job.ts'
import { jobs } from '../../src/leagues/index.ts'
import { migrate } from '../../src/ledger/migrate.ts'
import { systemNow } from '../../src/lib/clock.ts'
import { readCatalog, type CatalogJob } from '../../src/schedule/catalog.ts'
import { ROOT } from '../checks/files.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aCheckout, type ActRun } from './act.ts'
import { aDispatch, aSchedule, aWorkflowRun, type ActEvent } from './events.ts'
import { aGamesServer, aTimetable, openSeasons } from './season.ts'
import { skipWithoutTool } from './tools.ts'

const now = systemNow()
const { sql, url } = await aDatabaseForThisFile({ empty: true })
await migrate(sql, { environment: 'production' })
const source = await aGamesServer(now)
const checkout = aCheckout()
const catalog = await readCatalog(ROOT, jobs)
const timetable = aTimetable(sql, now)
after(async () => {
  checkout[Symbol.dispose]()
  await source[Symbol.asyncDispose]()
})

const run = (workflow: string, event: ActEvent): Promise<ActRun> =>
  checkout.run(workflow, {
    event,
    secrets: { DATABASE_URL: url },
    env: { NFLVERSE_URL: source.url, NFLVERSE_DATA_URL: source.base },
  })

interface Row {
  trigger: string
  outcome: string
  reason: string | null
  slot_due_at: Date | null
  dry_run: boolean
  environment: string
  github_run_id: string
  commit: string
  actor: string
  parameters: Record<string, unknown>
}

async function newestRun(job: string): Promise<Row> {
  const [row] = await sql<Row[]>`
    select trigger, outcome, reason, slot_due_at, dry_run, environment, github_run_id, commit, actor, parameters
    from ledger.runs where job = ${job} order by recorded_at desc limit 1
  `
  assert.ok(row, `${job} has no run`)
  return row
}

// In the registry's order parents come before their children, and each test's slot is later than all before it.
for (const job of jobs) {
  const entry = catalog.jobs.find((one) => one.id === job.id)
  assert.ok(entry, `${job.id} is not in the catalog`)
  const { workflow } = entry

  test(`${workflow} on schedule serves the slot that is due`, skipWithoutTool('act'), async () => {
    await servesItsSlot(job, entry, { event: aSchedule(entry.schedules[0]!.cron), trigger: 'schedule' })
  })

  for (const parent of entry.parents) {
    test(`${workflow} woken by ${parent} serves its slot`, skipWithoutTool('act'), async () => {
      await servesItsSlot(job, entry, { event: aWorkflowRun(parent.replace('/', '-')), trigger: 'chain' })
    })
  }

  test(`${workflow} by hand without inputs serves the slot that is due`, skipWithoutTool('act'), async () => {
    await servesItsSlot(job, entry, { event: aDispatch(workflow), trigger: 'manual' })
  })

  // What is not about a week cannot be asked for one.
  const named = 'week' in job.params ? { week: 'current' } : {}
  test(
    `${workflow} by hand as a dry run${named.week ? ' of a named week' : ''} serves no slot`,
    skipWithoutTool('act'),
    async () => {
      await openSeasons(sql)

      const { exitCode, summary, log } = await run(workflow, aDispatch(workflow, { ...named, dry_run: 'true' }))

      assert.equal(exitCode, 0, log)
      const row = await newestRun(job.id)
      assert.deepEqual([row.trigger, row.dry_run, row.slot_due_at], ['manual', true, null])
      assert.ok(['succeeded', 'partial'].includes(row.outcome), `${row.outcome}: ${row.reason}`)
      assert.equal(row.parameters['week'], named.week)
      assert.match(summary, /\*\*Dry run\.\*\*/)
    },
  )
}

async function servesItsSlot(
  job: AnyJob,
  { workflow }: CatalogJob,
  wake: { event: ActEvent; trigger: string },
): Promise<void> {
  const due = await timetable.makeDue(job.id)
  await openSeasons(sql)

  const { exitCode, summary, log } = await run(workflow, wake.event)

  assert.equal(exitCode, 0, log)
  const row = await newestRun(job.id)
  assert.ok(['succeeded', 'partial'].includes(row.outcome), `${row.outcome}: ${row.reason}\n${log}`)
  assert.deepEqual(
    [row.trigger, row.slot_due_at, row.dry_run, row.environment, row.github_run_id, row.commit, row.actor],
    [wake.trigger, due, false, 'production', '1', checkout.commit, 'ann'],
  )
  const [slot] = await sql`select state from ledger.slots where job = ${job.id} and due_at = ${due}`
  assert.equal(slot?.['state'], 'served')
  assert.match(summary, new RegExp(`^## .* ${job.id} succeeded`))
  assert.match(summary, new RegExp(`\\| woken by \\| ${wake.trigger} \\|`))
  if (job.league !== 'ops') assert.match(summary, /Simulated data/)
  assert.ok(!log.includes(url), 'the address of the database stands in the log')
}
