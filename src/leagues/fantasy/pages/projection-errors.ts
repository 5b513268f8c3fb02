// How far fantasy projections were from what was scored: by source and for their average, on the same players. Rows of other
// sources are never shown, only what their errors come to; players are shown by our own projections alone.

import type { Sql } from 'postgres'

import { addMoments, meanInterval, NO_MOMENTS, type Interval, type Moments } from '../../../core/interval.ts'
import { POINTS_PER_UNIT } from '../stats.ts'

const OURS = 'matchday'
const SHOWN = 5

export interface ProjectionErrors {
  readonly season: number
  /** Ours first, then the others by name, then the average of all where there are several. */
  readonly sources: readonly SourceErrors[]
  /** Newest first. */
  readonly weeks: readonly { readonly week: number; readonly players: number; readonly errors: readonly number[] }[]
  /** Of the newest week with points: who was farthest above and below what we expected of him. */
  readonly lastWeek: number
  readonly above: readonly PlayerMiss[]
  readonly below: readonly PlayerMiss[]
}

export interface SourceErrors {
  readonly name: 'ours' | 'average of all' | (string & {})
  /** Mean absolute error in PPR points, weeks as blocks. */
  readonly error: Interval | undefined
  /** Of the player weeks, those projected before kick-off by the database's own clock; of the average all sources'. */
  readonly foresight: number
}

export interface PlayerMiss {
  readonly name: string
  readonly position: string
  readonly team: string
  readonly expected: number
  readonly scored: number
}

interface WeekRow {
  week: number
  source: string
  n: number
  sum: number
  squares: number
  foresight: number
}

/** The newest season in which a projection has met its points; undefined while there is none. */
export async function readProjectionErrors(
  sql: Sql,
  { simulated }: { simulated: boolean },
): Promise<ProjectionErrors | undefined> {
  const season = await findSeason(sql, simulated)
  if (season === undefined) return undefined
  const rows = await readWeekRows(sql, { season, simulated })
  const last = rows.at(-1)?.week
  if (last === undefined) return undefined
  const names = [...new Set(rows.map((row) => row.source))].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
  const misses = await readMisses(sql, { season, week: last, simulated })
  const weeks = [...new Set(rows.map((row) => row.week))].sort((a, b) => b - a)
  return {
    season,
    sources: names.map((name) => {
      const own = rows.filter((row) => row.source === name)
      return { name: shown(name), error: errorOf(own), foresight: own.reduce((sum, row) => sum + row.foresight, 0) }
    }),
    weeks: weeks.map((week) => weekOf(week, rows, names)),
    lastWeek: last,
    above: misses.filter((miss) => miss.scored > miss.expected).slice(0, SHOWN),
    below: misses
      .filter((miss) => miss.scored < miss.expected)
      .slice(-SHOWN)
      .reverse(),
  }
}

const AVERAGE = '*'
const rank = (source: string) => (source === OURS ? 0 : source === AVERAGE ? 2 : 1)
const shown = (source: string) => (source === OURS ? 'ours' : source === AVERAGE ? 'average of all' : source)

function weekOf(week: number, rows: readonly WeekRow[], names: readonly string[]): ProjectionErrors['weeks'][number] {
  const own = rows.filter((row) => row.week === week)
  const errorBy = (name: string) => {
    const row = own.find(({ source }) => source === name)
    return row === undefined ? NaN : row.sum / row.n
  }
  return { week, players: own[0]?.n ?? 0, errors: names.map(errorBy) }
}

function errorOf(rows: readonly WeekRow[]): Interval | undefined {
  const moments = rows.map(({ n, sum, squares }): Moments => ({
    n,
    weight: n,
    sum,
    games: { groups: n, squares, cross: sum, weights: n },
    weeks: { groups: 1, squares: sum ** 2, cross: sum * n, weights: n ** 2 },
  }))
  return meanInterval(moments.reduce(addMoments, NO_MOMENTS))
}

async function findSeason(sql: Sql, simulated: boolean): Promise<number | undefined> {
  const [row] = await sql<{ season: number | null }[]>`
    select max(f.season) as season from predictions.fantasy f
    where f.simulated = ${simulated}
      and exists (select 1 from bronze.nfl_player_weeks w where w.season = f.season and w.week = f.week)
  `
  return row?.season ?? undefined
}

const said = (sql: Sql, by: { season: number; simulated: boolean }) => sql`
  -- Per source and player the last word before kick-off, or what was worked out afterwards where there was none.
  select distinct on (week, source, player_id) week, source, player_id, points as expected,
    not retrospective and recorded_at < coalesce(kickoff_at, 'infinity') as foresight
  from predictions.fantasy
  where season = ${by.season} and scoring = 'ppr' and player_id is not null and simulated = ${by.simulated}
  order by week, source, player_id, retrospective, as_of desc
`

const scored = (sql: Sql, by: { season: number }) => sql`
  select w.week, w.player_id, w.name, w.position, w.team, points.scored
  from bronze.nfl_player_weeks_newest w, lateral (
    select round(sum(stat.value::numeric * unit.value::numeric), 2)::double precision as scored
    from jsonb_each_text(w.line) stat
    join jsonb_each_text(${sql.json(POINTS_PER_UNIT.ppr)}) unit on unit.key = stat.key
  ) points
  where w.season = ${by.season}
`

/** Errors by week and source, and of the average of all (named `*`), on the players of whom every source expected points. */
async function readWeekRows(sql: Sql, by: { season: number; simulated: boolean }): Promise<WeekRow[]> {
  return await sql<WeekRow[]>`
    with said as (${said(sql, by)}), scored as (${scored(sql, by)}), sources as (
      select week, count(distinct source) as sources from said group by week
    ), common as (
      select said.week, said.player_id, avg(expected) as mean, bool_and(foresight) as foresight, max(sources) as sources
      from said join sources on sources.week = said.week
      where expected > 0
      group by said.week, said.player_id
      having count(*) = max(sources)
    ), misses as (
      select week, source, expected - scored as miss, said.foresight
      from said join common using (week, player_id) join scored using (week, player_id)
      union all
      select week, ${AVERAGE}, mean - scored, foresight
      from common join scored using (week, player_id) where sources > 1
    )
    select week, source, count(*)::integer as n, sum(abs(miss)) as sum, sum(miss * miss) as squares,
      (count(*) filter (where foresight))::integer as foresight
    from misses
    group by week, source
    order by week, source
  `
}

/** Players of a week by how far they were above our projection, the farthest above first. */
async function readMisses(sql: Sql, by: { season: number; week: number; simulated: boolean }): Promise<PlayerMiss[]> {
  return await sql<PlayerMiss[]>`
    with said as (${said(sql, by)}), scored as (${scored(sql, by)})
    select name, position, team, expected, scored
    from said join scored using (week, player_id)
    where week = ${by.week} and source = ${OURS} and expected > 0
    order by scored - expected desc, name
  `
}
