// On which clock a job's page tells times and counts hours: that of its schedule.

import type { Sql } from 'postgres'

import { isZone } from '../../core/zone.ts'
import type { ViewContext } from '../context.ts'
import type { Standing } from './standing.ts'

/** The zone of every job of the registry, by id: of its newest slot, or of its first cron line; the site's where it has
 *  neither, or where the database or this engine does not know the zone, for that must not stop a build. */
export async function readJobZones(
  sql: Sql,
  site: ViewContext,
  standings: ReadonlyMap<string, Standing>,
): Promise<Map<string, string>> {
  const wanted = site.jobs.map(({ id, workflow }): [string, string] => [
    id,
    standings.get(id)?.today.slot?.zone ?? workflow?.schedules[0]?.zone ?? site.zone,
  ])
  const names = [...new Set(wanted.map(([, zone]) => zone))]
  const rows = await sql<{ name: string }[]>`select name from pg_timezone_names where name = any(${names}::text[])`
  const known = rows.map(({ name }) => name).filter(isZone)
  return new Map(wanted.map(([id, zone]) => [id, known.includes(zone) ? zone : site.zone]))
}
