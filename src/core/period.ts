// A period: what a slot is about. Always a pure calendar function of an instant, stored, never worked out from data.

/** `key` is unique within the job's pipeline, sorts in time order and is what people see: `2024-W12`, `2026-11-22`. */
export interface Period {
  readonly key: string
  readonly season: number | null
  readonly week: number | null
}

/** One week of a league's season. */
export interface Week extends Period {
  readonly season: number
  readonly week: number
}

/** Season = the year in which it starts; week from 1, playoffs continue the count. */
export function aWeek(season: number, week: number): Week {
  return { key: `${season}-W${String(week).padStart(2, '0')}`, season, week }
}
