// An instant in the past as tables show it: with its year when that is not this one.

import { isOtherYear, placeOf, sayDay, sayTime } from './time.tsx'

export interface WhenProps {
  readonly at: Date
  readonly zone: string
  /** The instant of the build. */
  readonly now: Date
  /** Say the place too: `New York`. */
  readonly placed?: boolean
}

/** `Tue 19 Nov 08:07`, or `Tue 19 Nov 2024 08:07`. */
export function When(props: WhenProps) {
  return <time dateTime={props.at.toISOString()}>{sayWhen(props)}</time>
}

/** The same as text. */
export function sayWhen({ at, zone, now, placed = false }: WhenProps): string {
  const year = isOtherYear(at, now, zone)
  return `${sayDay(at, zone, year)} ${sayTime(at, zone)}${placed ? ` ${placeOf(zone)}` : ''}`
}
