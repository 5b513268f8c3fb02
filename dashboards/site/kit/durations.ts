// Milliseconds as words, for pages and for the browser's side alike. No dates in here.

/** A duration: `420 ms`, `3.2 s`, `4 m`, `2 h 40 m`, `3 d 2 h`; `–` where there is none. */
export function sayMs(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  const size = Math.abs(ms)
  // Rounded before it is compared: 59.96 s is a minute, not 60.0 s.
  if (size < 999.5) return `${Math.round(ms)} ms`
  if (size < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.round(size / 60_000)
  const sign = ms < 0 ? '−' : ''
  if (minutes < 60) return `${sign}${minutes} m`
  if (minutes < 48 * 60) return sign + join(Math.floor(minutes / 60), 'h', [minutes % 60, 'm'])
  const hours = Math.round(minutes / 60)
  return sign + join(Math.floor(hours / 24), 'd', [hours % 24, 'h'])
}

function join(big: number, bigUnit: string, [small, smallUnit]: [number, string]): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`
}

/** Lateness in a cell: `+2 m`, `−5 h 57 m`, `0 m` within half a minute; `–` where there is none. */
export function sayLate(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  if (Math.abs(ms) < 30_000) return '0 m'
  return `${ms > 0 ? '+' : '−'}${sayMs(Math.max(Math.abs(ms), 60_000))}`
}

/** Lateness in a sentence: `on time` within a minute, `2 m late`, `6 h early`. */
export function latenessInWords(ms: number): string {
  if (Math.abs(ms) < 60_000) return 'on time'
  return ms > 0 ? `${sayMs(ms)} late` : `${sayMs(-ms)} early`
}
