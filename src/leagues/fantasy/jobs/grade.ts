// A week's projections beside what was scored: errors by source and for their average, and whether the week's own figures
// are to be believed.

import type { FailedItem, JobContext } from '../../../core/job.ts'
import type { Week } from '../../nfl/calendar.ts'
import type { PlayerWeekRow } from '../lake/player-weeks.ts'
import { listProjections, type GradedProjection } from '../lake/projections.ts'
import { findAnomalies, type WeekFigures } from '../models/anomaly.ts'
import { averageName, averageOf, errorsOf, startable, type Errors, type Projected } from '../models/grade.ts'
import { pointsOf } from '../models/scoring.ts'

const SCORING = 'ppr'

/** Shows the errors of every source asked for that projected the week, on the players whom all of them gave points and who
 *  had a stat line. Returns them for the result. */
export async function gradeWeek(
  week: Week,
  played: readonly PlayerWeekRow[],
  ctx: JobContext<{ source: string[] }>,
): Promise<Record<string, { all: Errors; startable: Errors }>> {
  const rows = await listProjections(ctx.lake.sql, week, SCORING)
  const sources = ctx.params.source.filter((source) => rows.some((row) => row.source === source))
  const players = joinActuals(played, rows, sources)
  const names = sources.length > 1 ? [...sources, averageName(sources)] : sources
  // Who would have been started is decided by all sources together, so that none picks its own pupils.
  const starters = startable(players, names.at(-1) ?? '')
  const grades: Record<string, { all: Errors; startable: Errors }> = {}
  for (const name of names) {
    const [all, best] = [errorsOf(players, name), errorsOf(starters, name)]
    if (all && best) grades[name] = { all, startable: best }
  }
  ctx.table(`${week.key}: projections beside ${SCORING.toUpperCase()} points`, toTable(grades, rows))
  return grades
}

/** Figures of the week that lie far outside those of the season's other weeks, as failed items with the numbers. */
export function anomaliesOf(week: Week, season: readonly PlayerWeekRow[]): FailedItem[] {
  const weeks = [...new Set(season.map((row) => row.week))].map((number) => figuresOf(number, season))
  const own = weeks.find((figures) => figures.week === week.week)
  if (!own) return []
  const others = weeks.filter((figures) => figures !== own)
  return findAnomalies(own, others).map(({ figure, value, median, z }) => ({
    kind: 'week',
    key: `${week.key} ${figure}`,
    code: 'anomaly',
    message: `${week.key} is far off: ${FIGURES[figure]} ${value.toFixed(2)}, usually ${median.toFixed(2)} (robust z ${z.toFixed(1)}, ${others.length} other weeks of the season). Look at the provider's file; its rows are landed and the next import takes a mended one.`,
    context: { figure, value, median, z },
  }))
}

const FIGURES = { playersPerTeam: 'players with a stat line per team', meanPoints: 'mean PPR points' } as const

function figuresOf(week: number, season: readonly PlayerWeekRow[]): WeekFigures {
  const rows = season.filter((row) => row.week === week)
  const teams = new Set(rows.map((row) => row.team)).size
  const points = rows.reduce((sum, row) => sum + pointsOf(row.line, SCORING), 0)
  return { week, playersPerTeam: rows.length / teams, meanPoints: points / rows.length }
}

function joinActuals(
  played: readonly PlayerWeekRow[],
  rows: readonly GradedProjection[],
  sources: readonly string[],
): Projected[] {
  const points = new Map(rows.map((row) => [`${row.source} ${row.playerId}`, row.points]))
  return played.flatMap((row) => {
    const expected: Record<string, number> = {}
    for (const source of sources) expected[source] = points.get(`${source} ${row.playerId}`) ?? 0
    if (sources.length === 0 || sources.some((source) => expected[source] === 0)) return []
    if (sources.length > 1) expected[averageName(sources)] = averageOf(expected, sources)
    return [{ position: row.position, actual: pointsOf(row.line, SCORING), expected }]
  })
}

function toTable(
  grades: Readonly<Record<string, { all: Errors; startable: Errors }>>,
  rows: readonly GradedProjection[],
): Record<string, string | number | null>[] {
  return Object.entries(grades).flatMap(([source, pools]) => {
    const own = rows.filter((row) => row.source === source)
    const inTime = own.length === 0 ? null : own.filter((row) => row.foresight).length
    return Object.entries(pools).map(([pool, errors]: [string, Errors]) => ({
      source,
      pool,
      players: errors.players,
      MAE: round(errors.mae),
      RMSE: round(errors.rmse),
      R2: errors.r2 === null ? null : round(errors.r2),
      'projected before kick-off': inTime,
    }))
  })
}

const round = (value: number) => Math.round(value * 1000) / 1000
