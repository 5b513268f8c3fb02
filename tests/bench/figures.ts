// Median and p99 of repeated measurements, and a plain table of them.

export interface Figure {
  readonly what: string
  readonly runs: number
  readonly medianMs: number
  readonly p99Ms: number
  readonly cost?: Cost
}

/** What one run asks of the server. */
export interface Cost {
  readonly statements: number
  /** Of the write-ahead log: each is a commit that waits for the disk. */
  readonly syncs: number
  /** How long the disk took for them. */
  readonly syncMs: number
}

/** Prepares and does the work again and again; only the work counts. */
export async function measure<T>(
  what: string,
  runs: number,
  steps: { prepare: () => Promise<T>; work: (prepared: T) => Promise<unknown> },
): Promise<Figure> {
  const times: number[] = []
  for (let i = 0; i < runs; i += 1) {
    const prepared = await steps.prepare()
    const start = performance.now()
    await steps.work(prepared)
    times.push(performance.now() - start)
  }
  return toFigure(what, times)
}

/** The figure of times in milliseconds. */
export function toFigure(what: string, times: readonly number[]): Figure {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { what, runs: times.length, medianMs: round(at(0.5)), p99Ms: round(at(0.99)) }
}

const round = (ms: number) => Math.round(ms * 100) / 100

/** A line per figure, for people. */
export function toTable(title: string, figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ what }) => what.length))
  const costs = figures.some(({ cost }) => cost) ? ['statements', 'syncs', 'synced in'] : []
  const head = ['median', 'p99', ...costs].map((name) => name.padStart(12)).join('')
  const lines = figures.map(
    ({ what, runs, medianMs, p99Ms, cost }) =>
      `  ${what.padEnd(width)}${ms(medianMs)}${ms(p99Ms)}${toCells(cost, costs.length)}${String(runs).padStart(7)}`,
  )
  return [title, `  ${''.padEnd(width)}${head}${'runs'.padStart(7)}`, ...lines].join('\n')
}

function toCells(cost: Cost | undefined, columns: number): string {
  if (cost === undefined) return ' '.repeat(12 * columns)
  return `${cost.statements.toFixed(1).padStart(12)}${cost.syncs.toFixed(1).padStart(12)}${ms(cost.syncMs)}`
}

const ms = (value: number) => `${value.toFixed(value < 100 ? 2 : 0)} ms`.padStart(12)
