import type { Estimate } from '../../../core/interval.ts'
// A backtest's figures as text for a terminal: a line per season and pool, then the bets, each estimate with its interval.

import type { Figures, OpenerFigures, ProbabilityScores, SeasonFigures } from './figures.ts'

/** The whole report; ends without a line break. */
export function toReport(figures: Figures): string {
  return [
    ...winnersTable(figures),
    '',
    ...pointsTable(figures),
    '',
    ...(figures.openers.length > 0 ? [...openerTable(figures.openers), ''] : []),
    ...calibrationLines(figures),
  ].join('\n')
}

type Column<T> = readonly [head: string, width: number, cell: (row: T) => string]

function table<T>(columns: readonly Column<T>[], rows: readonly T[]): string[] {
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(columns[i]![1]) : cell.padStart(columns[i]![1])))
      .join('  ')
      .trimEnd()
  return [line(columns.map(([head]) => head)), ...rows.map((row) => line(columns.map(([, , cell]) => cell(row))))]
}

function winnersTable({ seasons, pooled }: Figures): string[] {
  const pair = (scores: ProbabilityScores | undefined) =>
    scores === undefined ? '–' : `${scores.brier.toFixed(4)} ${scores.logLoss.toFixed(4)}`
  const columns: Column<SeasonFigures>[] = [
    ['Winners', 10, (row) => row.label],
    ['games', 6, (row) => String(row.games)],
    ['priced', 6, (row) => String(row.market?.games ?? 0)],
    ['market Brier LL', 15, (row) => pair(row.market)],
    ['Elo538', 15, (row) => pair(row.elo)],
    ['ours, blind', 15, (row) => pair(row.blind)],
    ['starters named', 15, (row) => pair(row.blindNamed)],
    ['anchored', 15, (row) => pair(row.anchored)],
    ['right %', 7, (row) => percent(row.blind?.accuracy)],
    ['market %', 8, (row) => percent(row.market?.accuracy)],
    ['blind less market', 30, (row) => interval(row.brierLead, (value) => value.toFixed(4))],
  ]
  return [...table(columns, seasons), ...table(columns, pooled).slice(1)]
}

function pointsTable({ seasons, pooled }: Figures): string[] {
  const points = (value: number | undefined) => value?.toFixed(2) ?? '–'
  const columns: Column<SeasonFigures>[] = [
    ['Points', 10, (row) => row.label],
    ['margin: ours', 12, (row) => points(row.ats?.modelError)],
    ['anchored', 8, (row) => points(row.ats?.finalError)],
    ['market', 6, (row) => points(row.ats?.closeError)],
    ['total: ours', 11, (row) => points(row.ou?.modelError)],
    ['anchored', 8, (row) => points(row.ou?.finalError)],
    ['market', 6, (row) => points(row.ou?.closeError)],
    ['ATS % (95 %)', 21, (row) => interval(row.ats?.hits, percent)],
    ['n', 5, (row) => String(row.ats?.hits?.n ?? 0)],
    ['O/U % (95 %)', 21, (row) => interval(row.ou?.hits, percent)],
    ['n', 5, (row) => String(row.ou?.hits?.n ?? 0)],
    ['ATS profit %', 22, (row) => interval(row.ats?.profit, percent)],
    ['O/U profit %', 22, (row) => interval(row.ou?.profit, percent)],
  ]
  return [...table(columns, seasons), ...table(columns, pooled).slice(1)]
}

function openerTable(openers: readonly OpenerFigures[]): string[] {
  const columns: Column<OpenerFigures>[] = [
    ['Opener', 10, (row) => row.label],
    ['we differ by', 12, (row) => (row.over === 0 ? 'any' : `> ${row.over}`)],
    ['ATS % (95 %)', 21, (row) => interval(row.hits, percent)],
    ['n', 5, (row) => String(row.hits?.n ?? 0)],
    ['moved our way %', 21, (row) => interval(row.movedOurWay, percent)],
    ['CLV points', 21, (row) => interval(row.clvPoints, (value) => value.toFixed(2))],
  ]
  return table(columns, openers)
}

function calibrationLines({ calibration }: Figures): string[] {
  return Object.values(calibration).map(
    ({ title, error, bins }) =>
      `Calibration error, ${title}: ${error.toFixed(4)} in ${bins.length} bins of ${bins[0]?.n ?? 0} games`,
  )
}

const percent = (value: number | undefined) => (value === undefined ? '–' : (100 * value).toFixed(1))

/** `51.3 (49.8 to 52.9)`. */
function interval(estimate: Estimate | undefined, write: (value: number) => string): string {
  if (estimate === undefined) return '–'
  return `${write(estimate.value)} (${write(estimate.low)} to ${write(estimate.high)})`
}
