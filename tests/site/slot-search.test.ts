// What the Slots page finds when its address asks for a job, a state or a day.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { daysBack, findSlots, sayFound, type ShardRow, type Wish } from '../../dashboards/site/client/slot-search.ts'

const DAYS = daysBack('2026-11-27', '2026-08-30')

function aRow(job: string, state: string, day: string): ShardRow {
  return [job, `${day}T08:07:00Z`, day, state, '', '', '', '', '']
}

/** nfl/bronze on time every Sunday, missed on 6 September; mlb/odds 100 times a day. */
function rowsOf(day: string): ShardRow[] {
  const often = Array.from({ length: 100 }, () => aRow('mlb/odds', 'rescued', day))
  const isSunday = new Date(day).getUTCDay() === 0
  return isSunday ? [...often, aRow('nfl/bronze', day === '2026-09-06' ? 'missed' : 'on time', day)] : often
}

async function search(wish: Partial<Wish>) {
  const asked: Wish = { job: '', state: '', day: '', ...wish }
  const read: string[] = []
  const progress: string[] = []
  const load = (day: string) => {
    read.push(day)
    return Promise.resolve(day === '2026-11-20' ? undefined : rowsOf(day))
  }
  const found = await findSlots(asked, { days: DAYS, load, tell: (words) => progress.push(words) })
  return { found, read, progress, says: sayFound(found, asked, { days: DAYS, place: 'New York' }) }
}

test('the days go back from today to the first one', () => {
  assert.equal(DAYS.length, 90)
  assert.deepEqual([DAYS[0], DAYS[1], DAYS.at(-1)], ['2026-11-27', '2026-11-26', '2026-08-30'])
})

test('a job without a day is looked for through all the days, and what is read is told', async () => {
  const { found, read, progress, says } = await search({ job: 'nfl/bronze' })
  assert.equal(found.rows.length, 13)
  assert.equal(read.length, 90)
  assert.deepEqual([progress[0], progress[1]], ['Reading Fri 27 Nov and before: 0 slots so far.', 'Reading Sat 21 Nov and before: 1 slot so far.']) // prettier-ignore
  assert.equal(says, '13 slots of nfl/bronze in the 90 days up to Fri 27 Nov (New York).')
})

test('sixty slots are enough: days before them are not read', async () => {
  const { found, read, says } = await search({ job: 'mlb/odds' })
  assert.equal(found.rows.length, 60)
  assert.ok(read.length < 10)
  assert.equal(says, 'The newest 60 slots of mlb/odds, back to Fri 27 Nov (New York): name a day to see all of it.')
})

test('a state is looked for as a job is', async () => {
  assert.equal((await search({ state: 'missed' })).says, '1 missed slot in the 90 days up to Fri 27 Nov (New York).')
  assert.equal((await search({ state: 'partial', job: 'mlb/odds' })).says, 'No partial slot of mlb/odds in the 90 days up to Fri 27 Nov (New York).') // prettier-ignore
})

test('of a day all is shown, and no other is read', async () => {
  const { found, read, says } = await search({ job: 'mlb/odds', day: '2026-11-22' })
  assert.equal(found.rows.length, 100)
  assert.deepEqual(read, ['2026-11-22'])
  assert.equal(says, '100 slots of mlb/odds, due Sun 22 Nov (New York).')
})

test('a day without data says where to look', async () => {
  const away = 'is not among the days above: the bars by month tell what came of it.'
  assert.equal((await search({ day: '2026-11-20' })).says, `Fri 20 Nov (New York) ${away}`)
  assert.equal((await search({ day: '2025-01-05' })).says, `Sun 5 Jan (New York) ${away}`)
  assert.equal((await search({ day: '../secrets' })).says, `../secrets (New York) ${away}`)
})
