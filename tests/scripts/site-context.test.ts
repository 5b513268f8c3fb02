// What the site is told beside the database: of the workflows' cron lines, those that the ledger holds anybody to.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readContext } from '../../scripts/dashboard/context.ts'
import { jobs } from '../../src/leagues/index.ts'
import { parseEnv } from '../../src/lib/env.ts'
import { readFeeds } from '../../src/views/feeds/feeds.ts'
import { readOverview } from '../../src/views/overview/overview.ts'
import { readSchedule } from '../../src/views/schedule/schedule.ts'
import { at } from '../helpers/builders.ts'
import { aDatabase } from '../helpers/database.ts'
import { aScheduleLine } from '../helpers/ledger.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

test('a league that is switched off is due nowhere, and the Schedule says that its lines are not in force', async () => {
  await using db = await aDatabase()
  await aScheduleLine(db.sql, { job: 'nfl/bronze', cron: '7 8 * * 2', zone: 'America/New_York' })

  const parts = { env: parseEnv({}), environment: 'test', now: at('19 12:00'), jobs, workflows: PROJECT_ROOT }
  const site = await readContext(db.sql, parts)
  const [overview, feeds, schedule] = [
    await readOverview(db.sql, site),
    await readFeeds(db.sql, site),
    await readSchedule(db.sql, site),
  ]

  const due = [overview.coming, feeds.calendar, schedule.agenda.flatMap(({ entries }) => entries)]
  for (const slots of due) assert.deepEqual([...new Set(slots.map(({ job }) => job))], ['nfl/bronze'])
  const lines = schedule.lines.filter(({ job }) => ['nfl/bronze', 'fantasy/import'].includes(job))
  assert.deepEqual(lines.map(({ job, nextAt, since }) => [job, nextAt !== undefined, since !== undefined]), [
    ['nfl/bronze', true, true],
    ['fantasy/import', false, false],
    ['fantasy/import', false, false],
  ]) // prettier-ignore
})
