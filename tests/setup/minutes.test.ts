// What a month takes of Actions' minutes: the arithmetic, and README's and set-up's figures, which are its own.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import fc from 'fast-check'

import { sayCount } from '../../src/core/wording.ts'
import { jobs } from '../../src/leagues/index.ts'
import { readBilledWorkflows } from '../../src/setup/billed-workflows.ts'
import { minutesAMonth, type BilledWorkflow, type SetUp } from '../../src/setup/minutes.ts'
import { adviseMonth, FREE_MINUTES, type Month } from '../../src/setup/month.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const OURS = await readBilledWorkflows(PROJECT_ROOT, jobs, () => true)
const README = readFileSync(join(PROJECT_ROOT, 'README.md'), 'utf8')
const RECOMMENDED = { isPrivate: true, hasClock: true }

const utc = (cron: string) => ({ cron, zone: 'UTC' })
const billed = (name: string, lines: string[], wish: Partial<BilledWorkflow> = {}): BilledWorkflow =>
  ({ name, lines: lines.map(utc), keptLine: undefined, after: [], jobs: 1, jobsForPages: 0, kind: 'job', ...wish }) // prettier-ignore

test('our files: jobs, the site with two jobs for Pages, and the watch with the line that OUTSIDE_CLOCK leaves', () => {
  assert.equal(OURS.filter(({ kind }) => kind === 'job').length, jobs.length)
  assert.deepEqual(OURS.flatMap(({ kind, jobs: own, jobsForPages }) => (kind === 'site' ? [own, jobsForPages] : [])), [1, 2]) // prettier-ignore
  assert.deepEqual(OURS.flatMap(({ keptLine }) => keptLine ?? []), ['37 */6 * * *']) // prettier-ignore
})

test('what is switched off is not billed', async () => {
  const without = await readBilledWorkflows(PROJECT_ROOT, jobs, ({ leagueSwitch }) => leagueSwitch === undefined)

  assert.deepEqual(without.map(({ name }) => name), ['ops-cleanup', 'ops-dashboard', 'ops-watch']) // prettier-ignore
})

test('a chain is billed for each end of its parent, gated or not, and a late slot for run, pass and builds', () => {
  // 365 slots a year each: parent 365 runs, child 730, grandchild 1,095; half of 1,095 slots once more.
  const chain = [
    billed('parent', ['7 8 * * *']),
    billed('child', ['7 9 * * *'], { after: ['parent'] }),
    billed('grandchild', ['7 10 * * *'], { after: ['child'] }),
    billed('site', ['7 5 * * *'], { kind: 'site', jobsForPages: 2 }),
    billed('watch', ['37 * * * *'], { kind: 'watch' }),
  ]

  const found = minutesAMonth(chain, { isPrivate: false, hasClock: false })

  assert.deepEqual(found, { jobs: 230, site: 370, passes: 780, total: 1380 })
})

test('with a clock a pass is wanted for each whole hour in which nobody looked, and in private the spared hours are not billed', () => {
  const watch = billed('watch', ['37 */6 * * *', '37 1-5,7-11,13-17,19-23 * * *'], { kind: 'watch', keptLine: '37 */6 * * *' }) // prettier-ignore
  const passes = (setUp: SetUp) => minutesAMonth([watch], setUp).passes

  assert.equal(passes({ isPrivate: true, hasClock: false }), 730)
  assert.equal(passes({ isPrivate: true, hasClock: true }), 120 + 730)
  assert.equal(passes({ isPrivate: false, hasClock: true }), 730 + 730)
})

test('whatever is scheduled, a line more never makes a month cheaper, and private never costs more than public', () => {
  const line = fc.tuple(fc.nat(59), fc.nat(23), fc.nat(6)).map(([minute, hour, day]) => `${minute} ${hour} * * ${day}`)
  const set = fc.record({ isPrivate: fc.boolean(), hasClock: fc.constant(false) })
  fc.assert(
    fc.property(fc.uniqueArray(line, { minLength: 1, maxLength: 5 }), line, set, (lines, more, setUp) => {
      const cost = (own: string[], wish: SetUp) => minutesAMonth([billed('one', own), billed('site', ['7 5 * * *'], { kind: 'site', jobsForPages: 2 })], wish).total // prettier-ignore
      assert.ok(cost([...lines, more], setUp) >= cost(lines, setUp))
      assert.ok(cost(lines, { ...setUp, isPrivate: true }) <= cost(lines, { ...setUp, isPrivate: false }))
    }),
    { numRuns: 20 },
  )
})

test('the set-up that is recommended for private repositories stays under 1,200 minutes a month', () => {
  assert.ok(minutesAMonth(OURS, RECOMMENDED).total < 1200, JSON.stringify(minutesAMonth(OURS, RECOMMENDED)))
})

test("README's minutes per month are these", () => {
  const rows: readonly (readonly [string, SetUp])[] = [
    ['public, without an outside clock', { isPrivate: false, hasClock: false }],
    ['public, with one that asks first', { isPrivate: false, hasClock: true }],
    ['private, without', { isPrivate: true, hasClock: false }],
    ['private, with one that asks first: the one to use', RECOMMENDED],
  ]
  const table = README.slice(README.indexOf('### Minutes per month'))
  for (const [name, setUp] of rows) {
    const { jobs: runs, site, passes, total } = minutesAMonth(OURS, setUp)
    const expected = [runs, site, passes, total, setUp.isPrivate ? total : 0].map(sayCount)
    const cells = table.split('\n').find((text) => text.startsWith(`| ${name} `))?.split('|').slice(2, -1) // prettier-ignore
    assert.deepEqual(cells?.map((cell) => cell.trim()), expected, name) // prettier-ignore
  }
  assert.ok(table.includes(`starts ${sayCount((365 * 24 * 15) / 12)} passes a month`))
  assert.ok(table.includes(`GitHub Free includes ${sayCount(FREE_MINUTES)} minutes`))
})

const CLOCK = { lastAt: new Date('2026-11-28T08:04:00Z'), days: 14 }
const NO_CLOCK = { lastAt: undefined, days: 0 }
const advise = (wish: Partial<Month>) =>
  adviseMonth({ workflows: OURS, isPrivate: true, clock: NO_CLOCK, clockDeclared: false, ...wish })

test('set-up says in one sentence what a month takes, of what, and what happens when it is used up', () => {
  const { total } = minutesAMonth(OURS, { isPrivate: true, hasClock: false })
  const withClock = minutesAMonth(OURS, RECOMMENDED).total

  assert.deepEqual(advise({}).map(({ ok, sentence }) => [ok, sentence]), [
    [true, `This repository is private: a month takes about ${sayCount(total)} minutes of Actions (${sayCount(withClock)} with an outside clock that asks first), beside ci and what people start, of the 2,000 that GitHub Free includes. When they are used up GitHub starts no job until the next month begins, unless a budget pays for more.`],
  ]) // prettier-ignore
  assert.match(advise({ isPrivate: false })[0]?.sentence ?? '', /^A month takes about [\d,]+ minutes of Actions, which are free because the repository is public\.$/) // prettier-ignore
})

test('set-up says where the clock and OUTSIDE_CLOCK do not agree, in a private repository', () => {
  const amiss = (wish: Partial<Month>) => advise(wish).filter(({ ok }) => !ok).map(({ sentence }) => sentence) // prettier-ignore

  assert.match(amiss({ clock: CLOCK }).join(), /set the repository variable OUTSIDE_CLOCK to true/)
  assert.match(amiss({ clockDeclared: true }).join(), /no outside clock started ops-watch .*: mend the clock, or delete the variable/) // prettier-ignore
  assert.deepEqual([amiss({ clock: CLOCK, clockDeclared: true }), amiss({ clock: { ...CLOCK, days: 1 }, clockDeclared: true })], [[], []]) // prettier-ignore
  assert.deepEqual(amiss({ clock: CLOCK, isPrivate: false }), [])
})
