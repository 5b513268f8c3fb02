// Instants as the pages say them, said by the script: the build's own words would bring a calendar library along.

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** `Tue 19 Nov 08:07`, with the year where it is another there than at the instant `built`, and with the place where it is to be
 *  `placed`. In UTC, and saying so as the build does, where this browser does not know the zone. */
export function clockOf(zone: string, built: string, { placed = false } = {}): (ms: number) => string {
  const known = isKnown(zone)
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: known ? zone : 'UTC', weekday: 'short', day: 'numeric', month: 'numeric', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }) // prettier-ignore
  const partsOf = (ms: number) => Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]))
  const year = built && partsOf(Date.parse(built))['year']
  const place = known ? (zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone) : `UTC (${zone})`
  const where = placed || !known ? ` ${place}` : ''
  return (ms) => {
    const parts = partsOf(ms)
    const month = MONTHS[Number(parts['month']) - 1] ?? ''
    const ofYear = parts['year'] === year ? '' : ` ${parts['year'] ?? ''}`
    return `${parts['weekday'] ?? ''} ${Number(parts['day'])} ${month}${ofYear} ${parts['hour'] ?? ''}:${parts['minute'] ?? ''}${where}`
  }
}

/** A browser may be older than a zone, or newer than its end. */
function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false // RangeError is how Intl says no
  }
}
