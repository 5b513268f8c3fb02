// Scales a projection by a player's status: a bye and an injury report, as factors.

/** A team's game report, in words of our own; `bye` is the schedule's. */
export type Status = 'playing' | 'questionable' | 'doubtful' | 'out' | 'bye'

// Origin: nflverse's injuries beside its player weeks, 2024, weeks 1 to 13, quarterbacks, backs, receivers and tight ends
// with three other games, reports dated before kick-off: 211 questionable ones scored 0.60 of their usual points (60 % had
// a stat line), 38 doubtful and 141 out ones nothing at all. 2025 was not looked at.
const FACTORS: Readonly<Record<Status, number>> = { playing: 1, questionable: 0.6, doubtful: 0, out: 0, bye: 0 }

/** The share of his usual points that a player of this status is worth. */
export function availability(status: Status): number {
  return FACTORS[status]
}

/** nflverse's `report_status` as a status; anything unlisted or unknown means that he plays. */
export function toStatus(report: string): Status {
  const word = report.trim().toLowerCase()
  return word === 'out' || word === 'doubtful' || word === 'questionable' ? word : 'playing'
}
