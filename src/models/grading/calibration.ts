// Computes calibration: forecasts in bins of about equal count, and the expected calibration error.

import { wilson } from '../../core/interval.ts'

export interface CalibrationBin {
  readonly n: number
  /** Mean probability given. */
  readonly said: number
  /** How often it happened. */
  readonly happened: number
  /** 95 % of `happened` (Wilson 1927), which stays within 0 and 1. */
  readonly low: number
  readonly high: number
}

/** Bins of equal count, from the least to the most probable; equal forecasts share one. */
export function calibrationBins(
  forecasts: readonly { p: number; happened: boolean }[],
  { bins = 10 }: { bins?: number } = {},
): CalibrationBin[] {
  const sorted = [...forecasts].sort((a, b) => a.p - b.p)
  const edge = (bin: number) => {
    const cut = Math.round((bin * sorted.length) / bins)
    const above = sorted.findIndex(({ p }, i) => i >= cut && p !== sorted[cut - 1]?.p)
    return above === -1 ? sorted.length : above
  }
  return Array.from({ length: bins }, (_, bin) => sorted.slice(edge(bin), edge(bin + 1)))
    .filter((members) => members.length > 0)
    .map(toBin)
}

/** Expected calibration error: how far bins are from the truth, weighted by their games (Naeini et al. 2015). */
export function calibrationError(bins: readonly CalibrationBin[]): number {
  const games = bins.reduce((sum, bin) => sum + bin.n, 0)
  return bins.reduce((sum, bin) => sum + (bin.n / games) * Math.abs(bin.said - bin.happened), 0)
}

function toBin(members: readonly { p: number; happened: boolean }[]): CalibrationBin {
  const n = members.length
  const said = members.reduce((sum, { p }) => sum + p, 0) / n
  const happened = members.filter((member) => member.happened).length / n
  return { n, said, happened, ...wilson(happened, n) }
}
