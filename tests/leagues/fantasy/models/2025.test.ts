// Our projections on the 2025 weeks 4 to 14 beside NFL.com's and the average of both, walk-forward, on the same players.
// Nothing of the method was fitted on 2025. The figures to reach were worked out by another program.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { errorsOf, startable, type Errors } from '../../../../src/leagues/fantasy/models/grade.ts'
import { skipWithout } from '../../../helpers/shared-data.ts'
import { BOTH, NEEDED, OURS, SEASON_MEAN, THEIRS, walk2025 } from '../nfl-com-2025.ts'

const PUBLISHED: Readonly<Record<string, { all: number; startable: number }>> = {
  [SEASON_MEAN]: { all: 5.04, startable: 6.02 },
  [OURS]: { all: 4.95, startable: 5.88 },
  [THEIRS]: { all: 4.81, startable: 5.83 },
  [BOTH]: { all: 4.78, startable: 5.79 },
}

test(
  'on the 2025 weeks our projections reach the published errors, with NFL.com and both beside',
  skipWithout(NEEDED),
  async (t) => {
    const weeks = await walk2025()
    const all = weeks.flat()
    const starters = weeks.flatMap((week) => startable(week, THEIRS))

    for (const source of Object.keys(PUBLISHED))
      t.diagnostic(sentence(source, errorsOf(all, source), errorsOf(starters, source)))

    const [ours, oursStartable] = [mae(errorsOf(all, OURS)), mae(errorsOf(starters, OURS))]
    assert.equal(starters.length, 11 * 140)
    assert.ok(ours <= 5.0, `all: ${ours}`)
    assert.ok(oursStartable <= 5.95, `startable: ${oursStartable}`)
    // The alarms: worse than the mean of the season so far.
    assert.ok(ours < mae(errorsOf(all, SEASON_MEAN)) && oursStartable < mae(errorsOf(starters, SEASON_MEAN)))
    assert.ok(mae(errorsOf(all, BOTH)) < Math.min(ours, mae(errorsOf(all, THEIRS))), 'the average beats both on all')
  },
)

test(
  'NFL.com is graded as it was published, so that both are measured by the same rule',
  skipWithout(NEEDED),
  async () => {
    const weeks = await walk2025()

    const theirs = mae(
      errorsOf(
        weeks.flatMap((week) => startable(week, THEIRS)),
        THEIRS,
      ),
    )

    assert.ok(Math.abs(theirs - 5.83) < 0.01, `startable: ${theirs}`)
  },
)

function mae(errors: Errors | undefined): number {
  assert.ok(errors)
  return errors.mae
}

function sentence(source: string, all: Errors | undefined, starters: Errors | undefined): string {
  assert.ok(all && starters)
  const figures = (errors: Errors) =>
    `n ${errors.players} MAE ${errors.mae.toFixed(2)} RMSE ${errors.rmse.toFixed(2)} R2 ${errors.r2?.toFixed(3)}`
  const published = PUBLISHED[source]
  return `${source.padEnd(32)} all ${figures(all)} (published ${published?.all}) | startable ${figures(starters)} (published ${published?.startable})`
}
