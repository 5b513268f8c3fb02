// A new repository under GitHub's rules, with its workflow files run for real: a default branch of any name, other branches, no Pages.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { HostedRun } from '../helpers/hosted/types.ts'
import { aNewRepository, explain, setUp, tellHops } from './new-repository.ts'

/** A week later, some minutes after the slot of nfl/bronze: 08:07 in New York. */
const UNTIL_NEXT_TUESDAY = 6 * 24 * 60 + 20 * 60 + 10

const logOf = (run: HostedRun | undefined) => run?.jobs.map(({ log }) => log).join('\n') ?? ''

test('on a default branch of another name than main a cron line wakes its job, and the chain goes on to fitted models', async (t) => {
  await using made = await aNewRepository({ branch: 'trunk' })
  await setUp(made)

  const runs = await made.tickAfter(UNTIL_NEXT_TUESDAY, 'nfl-bronze')

  tellHops(t, made)
  // What was overdue beside it is asked for by ops-watch.
  const chained = runs.filter(({ event }) => event === 'schedule' || event === 'workflow_run')
  assert.deepEqual(chained.filter(({ conclusion }) => conclusion !== 'success'), [], explain(chained)) // prettier-ignore
  assert.deepEqual(chained.map(({ workflow }) => workflow), ['nfl-bronze', 'nfl-silver', 'nfl-features', 'nfl-train']) // prettier-ignore
  const rows = await made.database.sql<{ job: string }[]>`
    select job from ledger.runs where outcome = 'succeeded' and slot_due_at is not null and trigger in ('schedule', 'chain')
    order by started_at
  `
  assert.deepEqual(rows.map(({ job }) => job), ['nfl/bronze', 'nfl/silver', 'nfl/features', 'nfl/train']) // prettier-ignore
})

test('without Pages the site is an artifact, and set-up says where the switch is', async (t) => {
  await using made = await aNewRepository()
  made.repository.github.facts.has_pages = false

  const run = await setUp(made)
  made.repository.press('ops-dashboard')
  const built = await made.repository.settle()

  tellHops(t, made)
  assert.match(logOf(run), /Pages is off: choose Settings → Pages/)
  assert.deepEqual(built.filter(({ conclusion }) => conclusion !== 'success'), [], explain(built)) // prettier-ignore
  assert.deepEqual([...new Set(made.repository.sites)], ['actions/upload-artifact'])
})

test('a push to another branch is skipped: nothing is installed, and no secret is read', async () => {
  await using made = await aNewRepository({ branch: 'trunk' })
  made.repository.secrets['DATABASE_URL'] = made.database.url

  made.repository.push(['.github/workflows/nfl-bronze.yml'], 'feature')
  const runs = await made.repository.settle()

  assert.deepEqual(runs.map(({ workflow, conclusion }) => `${workflow} ${conclusion}`), ['ops-setup skipped']) // prettier-ignore
  assert.deepEqual(made.repository.installs, [])
})
