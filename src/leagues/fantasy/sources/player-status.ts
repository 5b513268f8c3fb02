// nflverse's injury reports and rosters of a season: who is out, and who is on which team.

import { isMissing, type Table } from '../../../sources/csv-table.ts'
import { toPosition, type Position } from '../stats.ts'
import type { Release } from './releases.ts'

const READER = 'src/leagues/fantasy/sources/player-status.ts'

export const INJURIES: Release = {
  tag: 'injuries',
  file: 'injuries',
  rows: 'injury reports',
  reader: READER,
  required: ['season', 'week', 'gsis_id', 'report_status', 'date_modified'],
}

export const ROSTERS: Release = {
  tag: 'rosters',
  file: 'roster',
  rows: 'players',
  reader: READER,
  required: ['season', 'team', 'position', 'status', 'full_name', 'gsis_id'],
}

export interface InjuryReport {
  readonly playerId: string
  readonly week: number
  /** `Out`, `Doubtful`, `Questionable`, or empty. */
  readonly report: string
  /** When the provider last touched the row (UTC); undefined where it does not say. */
  readonly reportedAt: Date | undefined
}

export interface RosterPlayer {
  readonly playerId: string
  readonly name: string
  readonly position: Position
  readonly team: string
  /** On the active list: neither reserve, practice squad, cut nor retired. */
  readonly active: boolean
}

/** The reports of players with an id. */
export function toInjuryReports(table: Table): InjuryReport[] {
  return table.rows.flatMap((row) => {
    if (isMissing(row['gsis_id'])) return []
    const at = new Date(`${(row['date_modified'] ?? '').replace(' ', 'T')}Z`)
    const reportedAt = Number.isNaN(at.getTime()) ? undefined : at
    return [{ playerId: row['gsis_id']!, week: Number(row['week']), report: row['report_status'] ?? '', reportedAt }]
  })
}

/** The players who earn fantasy points. */
export function toRoster(table: Table): RosterPlayer[] {
  return table.rows.flatMap((row) => {
    const position = toPosition(row['position'] ?? '')
    if (!position || isMissing(row['gsis_id'])) return []
    const active = row['status'] === 'ACT' || row['status'] === 'INA'
    return [{ playerId: row['gsis_id']!, name: row['full_name'] ?? '', position, team: row['team'] ?? '', active }]
  })
}
