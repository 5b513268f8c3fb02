// An instant in the past as tables show it: with its year when that is not this one.

import { sayWhen, type Moment } from './clock.ts'

export { sayWhen } from './clock.ts'

export function When(props: Moment) {
  return <time dateTime={props.at.toISOString()}>{sayWhen(props)}</time>
}
