// The made-up history itself: what pages are looked at with has to be as the jobs would have written it.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { jobs } from '../../src/leagues/index.ts'
import { readCatalog } from '../../src/schedule/catalog.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

import { DAY, openBook, type Book } from './book.ts'
import { createChance } from './chance.ts'
import { writeYears } from './years.ts'

const now = new Date('2026-11-22T12:00Z')
const YEARS = 3

async function aHistory(): Promise<Book> {
  const book = openBook(createChance(7), now)
  const catalog = await readCatalog(PROJECT_ROOT, jobs)
  writeYears(book, { from: new Date(now.getTime() - YEARS * 365 * DAY), jobs, catalog, seasons: [] })
  return book
}

test('a story is over within days: no run belongs to one that began in another year', async () => {
  const { runs } = await aHistory()
  const began = new Map<unknown, number>()
  const days = runs.map((run) => {
    const at = (run['started_at'] as Date).getTime()
    const first = began.get(run['correlation_id']) ?? at
    began.set(run['correlation_id'], Math.min(first, at))
    return Math.abs(at - first) / DAY
  })

  assert.ok(Math.max(...days) < 14, `${Math.max(...days)} days`)
})

test('parents wake their children early in every year, and not only in the last', async () => {
  const { slots } = await aHistory()
  const early = slots.filter(({ started_at: at, due_at: due }) => at && (due as Date).getTime() - (at as Date).getTime() > 60_000) // prettier-ignore
  const years = new Map<number, number>()
  for (const { due_at: due } of early) {
    const year = Math.floor((now.getTime() - (due as Date).getTime()) / (365 * DAY))
    years.set(year, (years.get(year) ?? 0) + 1)
  }

  for (let year = 0; year < YEARS; year++)
    assert.ok((years.get(year) ?? 0) > 50, `${years.get(year) ?? 0} of year -${year}`)
})
