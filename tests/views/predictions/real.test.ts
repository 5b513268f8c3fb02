// The account of real seasons: added up in SQL, it is what the models' own account makes of the same rows.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'

import { predicted } from '../../../src/leagues/nfl/predicted.ts'
import { createRandom } from '../../../src/lib/random.ts'
import { account as accountInMemory, type AccountLine as InMemory } from '../../../src/models/grading/account.ts'
import { MODEL_VERSION } from '../../../src/models/markets/markets.ts'
import { listGraded } from '../../../src/predictions/grades.ts'
import { readAccount, type Account } from '../../../src/views/predictions/account.ts'
import { judgeAccount } from '../../../src/views/predictions/verdict.ts'
import { aDatabaseForThisFile } from '../../helpers/database.ts'
import { fillGradedSeasons } from '../../helpers/graded-seasons.ts'
import { sharedData, skipWithout } from '../../helpers/shared-data.ts'

const GAMES = 'nfl/games/games_asof_2025-12-01.csv'
const { sql } = await aDatabaseForThisFile()
let account: Account
let expected: readonly InMemory[] = []

before(async () => {
  if (skipWithout(GAMES).skip) return
  await fillGradedSeasons({ sql, games: sharedData(GAMES), from: 2018, now: new Date('2025-12-01T12:00:00Z'), prospectiveFrom: 2025 }) // prettier-ignore
  account = await readAccount(sql, { league: 'nfl', markets: predicted.markets, simulated: false })
  const last = (await listGraded(sql, { league: 'nfl', modelVersion: MODEL_VERSION })).filter((row) => row.isLast)
  expected = accountInMemory(last, (row) => row.market, createRandom(1).unit)
})

const pairs = () =>
  account.all.map((line) => {
    const other = expected.find(({ group }) => group === line.market.id)
    assert.ok(other, line.market.id)
    return [line, other] as const
  })

function near(actual: number | undefined, wanted: number | undefined, within = 1e-9): void {
  assert.ok(Math.abs((actual ?? NaN) - (wanted ?? NaN)) <= within, `${actual} is not ${wanted}`)
}

test('means are those of the models’ own account', skipWithout(GAMES), () => {
  for (const [line, other] of pairs()) {
    assert.deepEqual([line.games, line.pushes], [other.games, other.pushes])
    near(line.right?.value, other.hits?.value)
    near(line.brier?.value, other.brier)
    near(line.finalBrier?.value, other.finalBrier)
    near(line.closeBrier?.value, other.closeBrier)
    near(line.logLoss?.value, other.logLoss)
    near(line.closeLogLoss?.value, other.closeLogLoss)
    near(line.brierLead?.value, other.brierLead?.value)
    near(line.profit?.value, other.profit?.value)
    near(line.clvPrice?.value, other.clvPrice?.value)
  }
})

test('intervals are about as wide as those that a bootstrap of weeks draws', skipWithout(GAMES), () => {
  for (const [line, other] of pairs()) {
    for (const [ours, theirs] of [
      [line.right, other.hits],
      [line.brierLead, other.brierLead],
      [line.profit, other.profit],
    ] as const) {
      const width = (interval: { low: number; high: number } | undefined) =>
        (interval?.high ?? 0) - (interval?.low ?? 0)
      const ratio = width(ours) / width(theirs)
      assert.ok(ratio > 0.85 && ratio < 1.2, `${line.market}: ${ratio} times as wide`)
    }
  }
})

test('seasons add up to the whole, and only the newest was foresight', skipWithout(GAMES), () => {
  for (const line of account.all) {
    const seasons = account.seasons.filter(({ market }) => market === line.market)
    assert.equal(seasons.reduce((sum, { games }) => sum + games, 0), line.games) // prettier-ignore
    assert.deepEqual(seasons.map(({ season }) => season), [2025, 2024, 2023, 2022, 2021, 2020, 2019, 2018]) // prettier-ignore
    assert.deepEqual(seasons.filter(({ prospective }) => prospective > 0).map(({ season }) => season), [2025]) // prettier-ignore
  }
})

test('on real seasons nothing beats the close', skipWithout(GAMES), () => {
  assert.deepEqual(judgeAccount(account), { kind: 'nothing beats the close' })
})
