// The registry of leagues: it is data, and whoever reads it loads none of a league's work.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { nameOf, parseParams } from '../../src/core/params.ts'
import { helpOf, jobs, leagues, pageCalendar, sources } from '../../src/leagues/index.ts'
import { isSecretName } from '../../src/lib/secrets.ts'
import { loadedWith } from '../helpers/modules.ts'

const ofWork = (files: Iterable<string>) =>
  [...files].filter((file) =>
    /^src\/leagues\/\w+\/(?:jobs|lake|sources|models|backtest)\/(?!projections\/index)/.test(file),
  )

const own = (files: Iterable<string>, league: string) =>
  [...files].filter((file) => file.startsWith(`src/leagues/${league}/`)).length

/** Whatever leagues there are. */
const shared = (files: Set<string>) => files.size - leagues.reduce((sum, { id }) => sum + own(files, id), 0)

test('reading the registry loads no job, table, source or model', () => {
  const loaded = loadedWith('src/leagues/index.ts')

  assert.deepEqual(ofWork(loaded), [])
  assert.ok(shared(loaded) <= 10, `${shared(loaded)} modules that are no league's`)
  for (const { id } of leagues) assert.ok(own(loaded, id) <= 8, `${own(loaded, id)} modules of ${id}`)
})

test('a door loads no job before it runs one', () => {
  const loaded = loadedWith('scripts/nfl/bronze.ts')

  assert.deepEqual(ofWork(loaded), [])
  assert.ok(shared(loaded) <= 81, `${shared(loaded)} modules that are no league's`)
})

test('a league stands after those that it reads, and its jobs are its own', () => {
  for (const [i, { id, reads, jobs }] of leagues.entries()) {
    const before = leagues.slice(0, i).map((league) => league.id)
    assert.deepEqual(reads.filter((other) => !before.includes(other)), []) // prettier-ignore
    assert.deepEqual(jobs.filter((job) => job.league !== id || !job.id.startsWith(`${id}/`)), []) // prettier-ignore
  }
})

test('a source is named once, and the variable of a key is one that is hidden wherever it stands', () => {
  assert.equal(new Set(sources.map(({ name }) => name)).size, sources.length)
  for (const { name, key } of sources) assert.ok(key === undefined || isSecretName(key), `${name}: ${key}`)
})

test('only whose rows may be shown says how it is to be named, and on which pages', () => {
  for (const { name, terms } of sources)
    assert.ok(terms.may === 'rows' || (terms.credit ?? terms.pages) === undefined, name)
})

test('what names a period to the jobs that follow names the same period to them', () => {
  const instants = ['2026-11-24T13:07Z', '2026-09-09T15:07Z', '2027-02-08T07:07Z'].map((text) => new Date(text))
  for (const parent of jobs)
    for (const child of jobs.filter(({ needs }) => parent.id in needs))
      for (const period of instants.map((at) => parent.period(at))) {
        const params = parseParams(child, Object.fromEntries(Object.entries(nameOf(child, period)).map(([name, value]) => [name, String(value)]))) // prettier-ignore
        assert.deepEqual(child.namedPeriod(params, new Date(0))?.key, period.key, `${parent.id} to ${child.id}`)
      }
})

test('a league that predicts names jobs of its own, and the one that finds its season runs out of season too', async () => {
  for (const { id, jobs: own, predicted } of leagues) {
    const named = (await predicted?.())?.jobs
    const seasonal = (job: string | undefined) => own.find((one) => one.id === job)?.seasonal
    if (named) assert.deepEqual([named.predict, named.grade, named.season].map(seasonal), [true, true, false], id)
  }
})

test('pages count by the calendar of the first league that has one', () => {
  assert.equal(pageCalendar, leagues.find(({ calendar }) => calendar)?.calendar)
  assert.equal(pageCalendar.periodAt(new Date('2026-11-24T13:07Z')).key, '2026-W11')
})

test('the help of a league has that of the leagues that it reads', () => {
  for (const { id, reads, help } of leagues) {
    const own = Object.keys(helpOf(id))
    const wanted = [help, ...reads.map(helpOf)].flatMap((lines) => Object.keys(lines))
    assert.deepEqual(own.sort(), [...new Set(wanted)].sort(), id)
  }
  assert.deepEqual(helpOf('nba'), {})
})
