// How long ago, or in how long: the same words where a page is built and where it is read. Without anything of its own, for
// it is part of the script.

/** `3 m ago`, `in 3 h 12 m`; negative is ago. */
export function sayRelative(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000)
  if (minutes < 1) return 'now'
  const text = sayMinutes(minutes)
  return ms < 0 ? `${text} ago` : `in ${text}`
}

/** `41 m`, `2 h 40 m`, `3 d 2 h`. */
export function sayMinutes(minutes: number): string {
  if (minutes < 60) return `${minutes} m`
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} m` : ''}`
  const hours = Math.round(minutes / 60)
  return `${Math.floor(hours / 24)} d${hours % 24 ? ` ${hours % 24} h` : ''}`
}
