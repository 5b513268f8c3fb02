import type { Estimate } from '../../core/interval.ts'
// The honest account of graded predictions: by period, season, market or lead, ours and the closing market on the same games,
// with how many games a figure has and how sure it is.

import type { Market } from '../markets/markets.ts'
import { mean } from '../probability.ts'
import { estimateMean } from './bootstrap.ts'
import type { Grade } from './grade.ts'

export interface AccountedGrade extends Omit<Grade, 'closeLine' | 'pClose' | 'marketBrier' | 'marketLogLoss'> {
  /** Games of one period may err together. */
  readonly period: string
  readonly market: Market
}

/** Figures of nothing are undefined. */
export interface AccountLine {
  readonly group: string
  readonly games: number
  readonly pushes: number
  /** Of games that were no push, how often the pick won: winners, ATS or O/U. */
  readonly hits: Estimate | undefined
  /** The same of the closing favourite or, about a line, of nobody. */
  readonly closeHits: Estimate | undefined
  readonly brier: number | undefined
  readonly logLoss: number | undefined
  readonly finalBrier: number | undefined
  readonly finalLogLoss: number | undefined
  readonly closeBrier: number | undefined
  readonly closeLogLoss: number | undefined
  /** Our Brier less the close's: below nought we were better. */
  readonly brierLead: Estimate | undefined
  /** Mean absolute error of margin or total, in points. */
  readonly modelError: number | undefined
  readonly finalError: number | undefined
  readonly closeError: number | undefined
  /** Per unit of flat stakes at the prices stored with the predictions, pushes returned. */
  readonly profit: Estimate | undefined
  readonly clvPoints: Estimate | undefined
  readonly clvPrice: Estimate | undefined
}

/** One line per group, in the order in which groups appear. `unit` draws from [0, 1) for the intervals. */
export function account<G extends AccountedGrade>(
  grades: readonly G[],
  groupOf: (grade: G) => string,
  unit: () => number,
): AccountLine[] {
  const groups = new Map<string, G[]>()
  for (const grade of grades) {
    const key = groupOf(grade)
    const group = groups.get(key)
    if (group) group.push(grade)
    else groups.set(key, [grade])
  }
  return [...groups].map(([group, members]) => accountLine(group, members, unit))
}

function accountLine(group: string, grades: readonly AccountedGrade[], unit: () => number): AccountLine {
  const estimate = (valueOf: (grade: AccountedGrade) => number | null | undefined) =>
    estimateMean(
      grades.flatMap((grade) => {
        const value = valueOf(grade) ?? undefined
        return value === undefined ? [] : [{ block: grade.period, value }]
      }),
      unit,
    )
  // Probabilities are compared on the games that the close judged too, and points likewise.
  const judged = grades.filter((grade) => grade.closeBrier !== null && grade.brier !== null)
  const measured = grades.filter((grade) => grade.closeError !== null && grade.modelError !== null)
  return {
    group,
    games: grades.length,
    pushes: grades.filter((grade) => grade.outcome === 'push').length,
    hits: estimate((grade) => (grade.outcome === 'push' ? undefined : Number(grade.outcome === 'won'))),
    closeHits: estimate((grade) => (grade.market === 'moneyline' ? hitOf(grade.closeBrier) : undefined)),
    brier: average(judged, 'brier'),
    logLoss: average(judged, 'logLoss'),
    finalBrier: average(judged, 'finalBrier'),
    finalLogLoss: average(judged, 'finalLogLoss'),
    closeBrier: average(judged, 'closeBrier'),
    closeLogLoss: average(judged, 'closeLogLoss'),
    brierLead: estimate(({ brier, closeBrier }) => (brier === null || closeBrier === null ? null : brier - closeBrier)),
    modelError: average(measured, 'modelError'),
    finalError: average(measured, 'finalError'),
    closeError: average(measured, 'closeError'),
    profit: estimate((grade) => grade.profit),
    clvPoints: estimate((grade) => grade.clvPoints),
    clvPrice: estimate((grade) => grade.clvPrice),
  }
}

/** A Brier score below a quarter gave the winner more than half; at a quarter nobody was named. */
function hitOf(brier: number | null): number | undefined {
  return brier === null || brier === 0.25 ? undefined : Number(brier < 0.25)
}

type Score = 'brier' | 'logLoss' | 'finalBrier' | 'finalLogLoss' | 'closeBrier' | 'closeLogLoss'

/** The mean of a score or of an error's size. */
function average(
  grades: readonly AccountedGrade[],
  name: Score | 'modelError' | 'finalError' | 'closeError',
): number | undefined {
  const values = grades.flatMap((grade) => grade[name] ?? [])
  return values.length === 0 ? undefined : mean(values.map(Math.abs))
}
