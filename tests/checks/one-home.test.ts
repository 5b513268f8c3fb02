// Facts that stand in a second place because that place cannot import them: README, SECURITY, workflow files, Grafana's JSON and
// migrations. Each is compared with its home here; whatever can import its home does.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { MOST_APART_MS } from '../../src/core/clocks.ts'
import { ITEM_RUNS } from '../../src/core/retry.ts'
import { GOOD_RUN_DAYS, SERVING, UNWELL } from '../../src/core/run.ts'
import { CALENDAR_DAYS, CRON_DAYS, SITE_OLD_HOURS, SITE_STALE_HOURS, SLOT_DAYS } from '../../src/core/windows.ts'
import { KEPT_CHAINS } from '../../src/leagues/ops/jobs/cleanup.ts'
import { ITEMS_PAUSE_MS } from '../../src/ledger/details.ts'
import { RUN_LEASE_SECONDS } from '../../src/runner/open-run.ts'
import { FREE_MINUTES } from '../../src/setup/month.ts'
import { listProjectFiles, ROOT } from './files.ts'

const say = (count: number) => count.toLocaleString('en-US')

for (const [file, words] of [
  ['README.md', `removes successful runs after ${GOOD_RUN_DAYS} days`],
  ['README.md', `the newest ${say(KEPT_CHAINS)} of a job`],
  ['README.md', `after ${SITE_OLD_HOURS} hours without it`],
  ['README.md', `after ${SITE_STALE_HOURS} it says`],
  ['README.md', `every slot of ${SLOT_DAYS} days`],
  ['README.md', `what is due in the coming ${CALENDAR_DAYS} days`],
  ['README.md', `GitHub Free includes ${say(FREE_MINUTES)} minutes`],
  ['src/ledger/schema.sql', `heartbeat_at < statement_timestamp() - interval '${RUN_LEASE_SECONDS / 60} minutes'`],
  ['src/ledger/schema.sql', `> as_of + interval '${MOST_APART_MS / 60_000} minutes'`],
  ['src/ledger/schema.sql', `failed_at + interval '${ITEMS_PAUSE_MS / 60_000} minutes'`],
  ['src/ledger/schema.sql', `and retryable and times <= ${ITEM_RUNS} `],
  ['src/ledger/schema.sql', `where ((closed_at is null) and retryable and (times <= ${ITEM_RUNS}))`],
  ['.github/workflows/ops-cleanup.yml', `default: '${GOOD_RUN_DAYS}'`],
  ['.github/workflows/ops-cleanup.yml', `keep_days \${{ inputs.keep_days || '${GOOD_RUN_DAYS}' }}`],
  ['dashboards/grafana/overview.json', `Of the last ${CRON_DAYS} days, for as long are good runs kept`],
  ['dashboards/grafana/overview.json', `slot.due_at > now() - interval '${CRON_DAYS} days'`],
  ['dashboards/grafana/slots.json', `Retention deletes good runs after ${GOOD_RUN_DAYS} days`],
] as const) {
  test(`${file} says "${words}", as the code does`, () => {
    assert.ok(textOf(file).replaceAll(/\s+/g, ' ').includes(words))
  })
}

test('a list of outcomes in SQL that the code has not written is one of its lists', () => {
  const ended = [...new Set([...SERVING, ...UNWELL])]
  const known = [SERVING, UNWELL, ended].map((list) => [...list].sort().join())
  const files = listProjectFiles().filter((file) => /migrations\/.*\.sql$|^dashboards\/grafana\/.*\.json$/.test(file))
  const found = files.flatMap((file) => listsIn(textOf(file)).map((list) => ({ file, list })))

  assert.ok(found.length > 8)
  // Predictions have outcomes of their own; the column's own constraint has every outcome, those that are no end among them.
  const ofRuns = found.filter(({ list }) => !list.includes('running') && list.some((word) => ended.some((one) => one === word))) // prettier-ignore
  const others = ofRuns.filter(({ list }) => !known.includes(list.join()))
  assert.deepEqual(others, [])
})

test('no statement of the code writes these lists out', () => {
  const files = listProjectFiles().filter((file) => /^(?:src|scripts)\/.*\.ts$/.test(file))
  const written = [SERVING, UNWELL].map((list) => [...list].sort().join())

  assert.deepEqual(files.filter((file) => listsIn(textOf(file)).some((list) => written.includes(list.join()))), []) // prettier-ignore
})

const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8')

/** The words of each `outcome in ('...', '...')`, sorted. */
function listsIn(text: string): string[][] {
  return [...text.matchAll(/\boutcome in \(([^)]*)\)/g)].map(([, list = '']) =>
    [...list.matchAll(/'(\w+)'/g)].map(([, word = '']) => word).sort(),
  )
}
