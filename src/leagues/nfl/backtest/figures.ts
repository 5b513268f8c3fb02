import type { Estimate } from '../../../core/interval.ts'
// A backtest in figures: by season and pooled, ours beside the market on the same games, and against the opener.

import { account, type AccountLine } from '../../../models/grading/account.ts'
import { estimateMean } from '../../../models/grading/bootstrap.ts'
import { calibrationBins, calibrationError, type CalibrationBin } from '../../../models/grading/calibration.ts'
import type { Market } from '../../../models/markets/markets.ts'
import { brierScore, logLoss, mean } from '../../../models/probability.ts'
import { aWeek } from '../calendar.ts'
import type { Backtest, BacktestVerdict } from './backtest.ts'

export interface ProbabilityScores {
  readonly games: number
  readonly brier: number
  readonly logLoss: number
  readonly accuracy: number
}

export interface SeasonFigures {
  readonly label: string
  readonly games: number
  /** The fair closing moneyline, and ours on the very games that have one. */
  readonly market: ProbabilityScores | undefined
  readonly anchored: ProbabilityScores | undefined
  /** On every game that was not tied. */
  readonly elo: ProbabilityScores | undefined
  readonly blind: ProbabilityScores | undefined
  readonly blindNamed: ProbabilityScores | undefined
  /** Our Brier (last known starters) less the market's on the same games. */
  readonly brierLead: Estimate | undefined
  readonly ats: AccountLine | undefined
  readonly ou: AccountLine | undefined
}

/** Bets on the side that the model prefers to the opening spread, where it differs by more than `over` points. */
export interface OpenerFigures {
  readonly label: string
  readonly over: number
  readonly hits: Estimate | undefined
  /** Of the games whose line moved at all, how often it moved our way. */
  readonly movedOurWay: Estimate | undefined
  readonly clvPoints: Estimate | undefined
}

export interface Calibration {
  readonly title: string
  readonly error: number
  readonly bins: readonly CalibrationBin[]
}

export interface Figures {
  readonly games: number
  readonly seasons: readonly SeasonFigures[]
  readonly pooled: readonly SeasonFigures[]
  readonly openers: readonly OpenerFigures[]
  readonly calibration: { readonly model: Calibration; readonly anchored: Calibration; readonly market: Calibration }
}

const POOL_STARTS = [2006, 2010, 2016, 2018, 2021]
const OPENER_STARTS = [2010, 2018, 2021]
const DISAGREEMENTS = [0, 1, 2, 3, 4]

/** All figures. `unit` draws from [0, 1) for the intervals. */
export function figuresOf(backtest: Backtest, unit: () => number): Figures {
  const seasons = [...new Set(backtest.verdicts.moneyline.map(({ sample }) => sample.season))].sort((a, b) => a - b)
  const [first, last] = [seasons[0] ?? 0, seasons.at(-1) ?? 0]
  const pools = POOL_STARTS.filter((start) => start > first && start < last)
  const line = (label: string, from: number, to: number) =>
    seasonFigures(
      label,
      only(backtest, (season) => season >= from && season <= to),
      unit,
    )
  return {
    games: backtest.games,
    seasons: seasons.map((season) => line(String(season), season, season)),
    pooled: [first, ...pools].map((start) => line(`${start}-${last}`, start, last)),
    openers: openerFigures(backtest.atOpener, last, unit),
    calibration: {
      model: calibrationOf('model', backtest.verdicts.moneyline, ({ forecast }) => forecast.pModel),
      anchored: calibrationOf('anchored', backtest.verdicts.moneyline, ({ forecast }) => forecast.pFinal),
      market: calibrationOf('market', backtest.verdicts.moneyline, ({ forecast }) => forecast.pMarket),
    },
  }
}

function only(backtest: Backtest, holds: (season: number) => boolean): Backtest {
  const pick = (verdicts: readonly BacktestVerdict[]) => verdicts.filter(({ sample }) => holds(sample.season))
  const { moneyline, ats, ou } = backtest.verdicts
  return {
    ...backtest,
    verdicts: { moneyline: pick(moneyline), ats: pick(ats), ou: pick(ou) },
    named: pick(backtest.named),
  }
}

function seasonFigures(label: string, { verdicts, named, elo }: Backtest, unit: () => number): SeasonFigures {
  const priced = verdicts.moneyline.filter(({ forecast }) => forecast.pMarket !== null)
  return {
    label,
    games: verdicts.moneyline.length,
    market: scores(priced, ({ forecast }) => forecast.pMarket),
    anchored: scores(priced, ({ forecast }) => forecast.pFinal),
    elo: scores(verdicts.moneyline, ({ sample }) => elo.get(sample.gameId) ?? null),
    blind: scores(verdicts.moneyline, ({ forecast }) => forecast.pModel),
    blindNamed: scores(named, ({ forecast }) => forecast.pModel),
    brierLead: accountOf('moneyline', verdicts.moneyline, unit)?.brierLead,
    ats: accountOf('ats', verdicts.ats, unit),
    ou: accountOf('ou', verdicts.ou, unit),
  }
}

function accountOf(market: Market, verdicts: readonly BacktestVerdict[], unit: () => number): AccountLine | undefined {
  const grades = verdicts.map(({ sample, grade }) => ({
    ...grade,
    market,
    period: aWeek(sample.season, sample.week).key,
  }))
  return account(grades, () => market, unit)[0]
}

/** Ties are left out: they are neither won nor lost. */
function scores(
  verdicts: readonly BacktestVerdict[],
  probability: (verdict: BacktestVerdict) => number | null,
): ProbabilityScores | undefined {
  const judged = outcomes(verdicts, probability)
  if (judged.length === 0) return undefined
  return {
    games: judged.length,
    brier: mean(judged.map(({ p, happened }) => brierScore(p, happened))),
    logLoss: mean(judged.map(({ p, happened }) => logLoss(p, happened))),
    accuracy: mean(judged.map(({ p, happened }) => Number(p >= 0.5 === happened))),
  }
}

function outcomes(
  verdicts: readonly BacktestVerdict[],
  probability: (verdict: BacktestVerdict) => number | null,
): { p: number; happened: boolean }[] {
  return verdicts.flatMap((verdict) => {
    const { homeScore, awayScore } = verdict.sample
    const p = probability(verdict)
    return p === null || homeScore === awayScore ? [] : [{ p, happened: homeScore > awayScore }]
  })
}

function calibrationOf(
  title: string,
  verdicts: readonly BacktestVerdict[],
  probability: (verdict: BacktestVerdict) => number | null,
): Calibration {
  const priced = verdicts.filter(({ forecast }) => forecast.pMarket !== null)
  const bins = calibrationBins(outcomes(priced, probability))
  return { title, bins, error: calibrationError(bins) }
}

function openerFigures(verdicts: readonly BacktestVerdict[], last: number, unit: () => number): OpenerFigures[] {
  if (verdicts.length === 0) return []
  return OPENER_STARTS.filter((start) => start <= last).flatMap((start) =>
    DISAGREEMENTS.map((over) => {
      const bets = verdicts.filter(
        ({ sample, lines, forecast }) =>
          sample.season >= start && Math.abs((forecast.expected ?? NaN) - (lines.spreadHome ?? NaN)) > over,
      )
      const estimate = (valueOf: (verdict: BacktestVerdict) => number | undefined) =>
        estimateMean(
          bets.flatMap((verdict) => {
            const value = valueOf(verdict)
            return value === undefined ? [] : [{ block: verdict.sample.season * 100 + verdict.sample.week, value }]
          }),
          unit,
        )
      return {
        label: `${start}-${last}`,
        over,
        hits: estimate(({ grade }) => (grade.outcome === 'push' ? undefined : Number(grade.outcome === 'won'))),
        movedOurWay: estimate(({ grade }) => (grade.clvPoints ? Number(grade.clvPoints > 0) : undefined)),
        clvPoints: estimate(({ grade }) => grade.clvPoints ?? undefined),
      }
    }),
  )
}
