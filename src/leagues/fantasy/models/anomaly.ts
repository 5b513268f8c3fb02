// Is a week's data far off? Its figures beside the same figures of other weeks, by median and median deviation, so that one
// odd week among them does not hide another.

/** One week in figures. */
export interface WeekFigures {
  readonly week: number
  /** Players with a stat line, per team that played. */
  readonly playersPerTeam: number
  readonly meanPoints: number
}

export interface Anomaly {
  readonly figure: 'playersPerTeam' | 'meanPoints'
  readonly value: number
  readonly median: number
  /** Robust z-score: deviations from the median, in units that are one standard deviation of a normal distribution. */
  readonly z: number
}

// Origin: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): 0.6745 and a limit of 3.5.
const NORMAL = 0.6745
const LIMIT = 3.5
// Fewer weeks say nothing about what is usual.
const MIN_WEEKS = 4
// Weeks that happen to be nearly equal must not make an ordinary one look odd: the deviation is at least this share.
const LEAST_DEVIATION = 0.02

/** Figures of `week` that lie far outside those of `others`; none while there are too few others to tell. */
export function findAnomalies(week: WeekFigures, others: readonly WeekFigures[]): Anomaly[] {
  if (others.length < MIN_WEEKS) return []
  return (['playersPerTeam', 'meanPoints'] as const).flatMap((figure) => {
    const usual = others.map((other) => other[figure])
    const center = median(usual)
    const deviation = Math.max(median(usual.map((value) => Math.abs(value - center))), LEAST_DEVIATION * center)
    const z = (NORMAL * (week[figure] - center)) / deviation
    return Math.abs(z) > LIMIT ? [{ figure, value: week[figure], median: center, z }] : []
  })
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[sorted.length % 2 === 1 ? middle : middle - 1], sorted[middle]]
  return ((low ?? 0) + (high ?? 0)) / 2
}
