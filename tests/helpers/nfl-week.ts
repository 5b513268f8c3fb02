// Runs the NFL's jobs by hand on a test database, each with its own context.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { AnyJob, JobReturn } from '../../src/core/job.ts'
import { nflBronze, nflFeatures, nflSilver, nflTrain } from '../../src/leagues/nfl/jobs.ts'
import type { Sql } from '../../src/lib/db.ts'

import { aJobContext, type Said } from './job-context.ts'

const ALL_MARKETS = { markets: ['moneyline', 'ats', 'ou'] }

/** Runs a job as of `now` for the period of that moment, on the games at `games`. */
export async function runJobAt(
  job: AnyJob,
  at: { sql: Sql; now: Date; games?: string },
): Promise<Said & { returned: JobReturn }> {
  const { ctx, said } = aJobContext({ ...at, params: ALL_MARKETS })
  const returned = await job.run(job.period(at.now), ctx)
  return { ...said, returned }
}

/** Everything up to and with training. */
export async function runUpToTraining(at: { sql: Sql; now: Date; games: string }): Promise<void> {
  for (const job of [nflBronze, nflSilver, nflFeatures, nflTrain]) await runJobAt(job, at)
}

/** A games.csv with this text in a folder of its own; `simulated` in its name marks it as such. */
export function aGamesFile(text: string, name = 'games.csv'): string {
  const path = join(mkdtempSync(join(tmpdir(), 'matchday-games-')), name)
  writeFileSync(path, text)
  return path
}

/** Empties the lake for the next test, past the triggers that keep its rows from being edited. Much cheaper than a database
 *  of its own for every test. */
export async function clearLake(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    for (const table of FROZEN) await tx.unsafe(`alter table ${table} disable trigger user`)
    await tx.unsafe(
      `truncate bronze.files, silver.nfl_games, features.nfl_games, models.nfl_fits, ${FROZEN.join(', ')}`,
    )
    for (const table of FROZEN) await tx.unsafe(`alter table ${table} enable trigger user`)
  })
}

const FROZEN = ['bronze.nfl_games', 'predictions.games', 'predictions.grades']
