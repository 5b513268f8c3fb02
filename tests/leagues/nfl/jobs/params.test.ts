import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ConfigFailure } from '../../../../src/core/errors.ts'
import { readAll } from '../../../../src/core/reader.ts'
import { marketParams, namedPeriod } from '../../../../src/leagues/nfl/params.ts'

const read = (given: Record<string, string>) => readAll(marketParams, given)
const NOW = new Date('2026-11-22T12:00:00Z') // week 11 of 2026

const named: [given: Record<string, string>, period: string | undefined][] = [
  [{}, undefined],
  [{ season: '', week: '' }, undefined],
  [{ season: '2024', week: '7' }, '2024-W07'],
  [{ week: '3' }, '2026-W03'],
  [{ week: 'current' }, '2026-W11'],
  [{ week: 'previous' }, '2026-W10'],
  [{ season: '2025', week: '22' }, '2025-W22'],
]
for (const [given, period] of named) {
  test(`${JSON.stringify(given)} names ${period ?? 'no period'}`, () => {
    assert.equal(namedPeriod(read(given).values, NOW)?.key, period)
  })
}

const nonsense: [given: Record<string, string>, says: RegExp][] = [
  [{ season: '2024' }, /season 2024 was given without a week: expected both/],
  [{ season: '2019', week: '22' }, /week 22 is not in season 2019: expected 1 to 21/],
  [{ season: '2024', week: 'current' }, /expected a number from 1 to 22 beside a season/],
]
for (const [given, says] of nonsense) {
  test(`${JSON.stringify(given)} is refused in one sentence`, () => {
    assert.throws(
      () => namedPeriod(read(given).values, NOW),
      (error) => error instanceof ConfigFailure && says.test(error.message),
    )
  })
}

const refused: [given: Record<string, string>, says: RegExp][] = [
  [{ season: 'abc' }, /^expected the year in which a season begins, from 1999$/],
  [{ season: '1980' }, /^expected the year/],
  [{ week: '23' }, /^expected current, previous or a number from 1 to 22$/],
  [{ week: 'next' }, /^expected current, previous or/],
  [{ markets: 'ats,props' }, /^expected a comma list of moneyline, ats, ou$/],
]
for (const [given, says] of refused) {
  test(`${JSON.stringify(given)} says what was expected`, () => {
    const { problems } = read(given)

    assert.equal(problems.length, 1)
    assert.match(problems[0]?.expected ?? '', says)
  })
}

test('markets are a list with commas, and all of them when none is named', () => {
  assert.deepEqual(read({ markets: ' ou , ats,ou ' }).values.markets, ['ou', 'ats'])
  assert.deepEqual(read({ markets: '' }).values.markets, ['moneyline', 'ats', 'ou'])
  assert.deepEqual(read({}).values.markets, ['moneyline', 'ats', 'ou'])
})
