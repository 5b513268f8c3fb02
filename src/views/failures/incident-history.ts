// Incidents, open and past, with their length and how people were told of them.

import type { Sql } from 'postgres'

import type { Incident } from '../../ledger/incidents.ts'
import type { ViewContext } from '../context.ts'
import { withPause } from '../headline.ts'
import { listPauses } from '../pauses.ts'
import { quotedIncident } from '../quoting.ts'
import type { TimeSpan } from './jobs.ts'

const SHOWN = 200

export type PastIncident = Omit<Incident, 'slotDueAt' | 'remindEveryMs' | 'acknowledged'> & {
  readonly closedAt: Date | undefined
  readonly acknowledgedBy: string | undefined
  readonly told: readonly Told[]
}

/** What one channel was sent of an incident. */
export interface Told {
  readonly channel: string
  readonly sent: number
  readonly failed: number
  readonly waiting: number
  readonly firstAt: Date | undefined
}

type Row = Omit<PastIncident, 'runId' | 'knowableAt' | 'openedAt' | 'closedAt' | 'acknowledgedBy' | 'told'> & {
  readonly run_id: string | null
  readonly knowable_at: Date
  readonly opened_at: Date
  readonly closed_at: Date | null
  readonly acknowledged_by: string | null
  readonly total: number
}

/** All that are open, the gravest first, and the newest two hundred that ended within the time. */
export async function readIncidents(
  sql: Sql,
  site: ViewContext,
  { since, now }: TimeSpan,
): Promise<{ open: PastIncident[]; past: PastIncident[]; leftOut: number }> {
  const columns = sql`id, subject, cause, severity, title, detail, run_id, knowable_at, opened_at, closed_at, times, acknowledged_by`
  const [open, past] = await Promise.all([
    sql<Row[]>`
      select ${columns}, 0 as total from ledger.incidents where closed_at is null and opened_at <= ${now}
      order by case severity when 'critical' then 0 when 'warning' then 1 else 2 end, opened_at
    `,
    sql<Row[]>`
      select ${columns}, (count(*) over ())::integer as total from ledger.incidents
      where closed_at > ${since} and opened_at <= ${now}
      order by opened_at desc limit ${SHOWN}
    `,
  ])
  const [told, pauses] = await Promise.all([readTold(sql, [...open, ...past].map(({ id }) => id)), listPauses(sql, now)]) // prettier-ignore
  const toIncident = (row: Row) => ({
    ...toPast(quotedIncident(site, row)),
    told: told.filter(({ incident }) => incident === row.id),
  })
  return {
    open: open.map((row) => withPause(toIncident(row), pauses, site.zone)),
    past: past.map(toIncident),
    leftOut: Math.max(0, (past[0]?.total ?? 0) - SHOWN),
  }
}

function toPast(row: Row): Omit<PastIncident, 'told'> {
  const { id, subject, cause, severity, title, detail, times } = row
  return {
    ...{ id, subject, cause, severity, title, detail, times },
    runId: row.run_id ?? undefined,
    knowableAt: row.knowable_at,
    openedAt: row.opened_at,
    closedAt: row.closed_at ?? undefined,
    acknowledgedBy: row.acknowledged_by ?? undefined,
  }
}

async function readTold(sql: Sql, ids: readonly string[]): Promise<(Told & { incident: string })[]> {
  const rows = await sql<
    { incident: string; channel: string; sent: number; failed: number; waiting: number; first_at: Date | null }[]
  >`
    select delivery.incident_id as incident, channel, (count(*) filter (where state = 'sent'))::integer as sent,
      (count(*) filter (where state = 'failed'))::integer as failed,
      (count(*) filter (where state = 'due'))::integer as waiting,
      -- Reopened, it became knowable anew: what was sent of its first opening told nobody of that.
      min(sent_at) filter (where flipped_at >= knowable_at) as first_at
    from ledger.deliveries delivery
    join ledger.flips flip on flip.id = delivery.flip_id
    join ledger.incidents incident on incident.id = delivery.incident_id
    where delivery.incident_id = any(${[...ids]}::bigint[])
    group by delivery.incident_id, channel
    order by channel
  `
  return rows.map(({ first_at, ...row }) => ({ ...row, firstAt: first_at ?? undefined }))
}
