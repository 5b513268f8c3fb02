// The made-up history of players: as fantasy/import would have written it.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { STATS } from '../../../src/leagues/fantasy/stats.ts'
import { openBook } from '../../history/book.ts'
import { createChance } from '../../history/chance.ts'
import { playGames, toFileRows } from '../../history/lake.ts'
import { writeFantasy } from './history.ts'

const now = new Date('2026-11-22T12:00Z')

test('files and player weeks are named and counted as fantasy/import does it', () => {
  const book = openBook(createChance(7), now)
  const { games } = playGames(book, { seed: 7, firstSeason: 2026 })
  const { weeks } = writeFantasy(book, games)
  const counted = new Set(weeks.flatMap(({ line }) => Object.keys(line as object)))

  assert.ok(toFileRows(book).some(({ source }) => source === 'nflverse/stats_player_week_2026'))
  assert.ok(counted.size > 0)
  assert.deepEqual([...counted].filter((stat) => !(STATS as readonly string[]).includes(stat)), []) // prettier-ignore
})
