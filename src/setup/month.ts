// What set-up says of a month's minutes: what they are by the workflow files, who pays, and what happens when they are used up.

import { CLOCK_DAYS } from '../core/windows.ts'
import { sayCount } from '../core/wording.ts'
import { isClock, type OutsideClock } from '../ledger/outside-clock.ts'
import { missing, ok, type Finding } from './advice.ts'
import { minutesAMonth, type BilledWorkflow } from './minutes.ts'

/** What GitHub's plan Free includes a month for all private repositories of an account together. */
export const FREE_MINUTES = 2000

export interface Month {
  readonly workflows: readonly BilledWorkflow[]
  readonly isPrivate: boolean
  readonly clock: Pick<OutsideClock, 'lastAt' | 'days'>
  /** Does OUTSIDE_CLOCK say that there is one? */
  readonly clockDeclared: boolean
}

/** What a month takes, and whether the clock and the variable that spares agree. */
export function adviseMonth({ workflows, isPrivate, clock, clockDeclared }: Month): Finding[] {
  const hasClock = clockDeclared || isClock(clock)
  const total = (withOne: boolean) => sayCount(minutesAMonth(workflows, { isPrivate, hasClock: withOne }).total)
  const [without, withClock] = [total(false), total(true)]
  if (!isPrivate) return [ok(`A month takes about ${hasClock ? withClock : without} minutes of Actions, which are free because the repository is public.`)] // prettier-ignore
  const now = hasClock ? `${withClock} minutes of Actions with an outside clock that asks first` : `${without} minutes of Actions (${withClock} with an outside clock that asks first)` // prettier-ignore
  return [
    ok(`This repository is private: a month takes about ${now}, beside ci and what people start, of the ${sayCount(FREE_MINUTES)} that GitHub Free includes. When they are used up GitHub starts no job until the next month begins, unless a budget pays for more.`), // prettier-ignore
    ...(hasClock && !clockDeclared ? [missing('An outside clock starts ops-watch, and every hour of its own is billed beside it: set the repository variable OUTSIDE_CLOCK to true.')] : []), // prettier-ignore
    ...(clockDeclared && clock.lastAt === undefined ? [missing(`OUTSIDE_CLOCK is true, and no outside clock started ops-watch in the last ${CLOCK_DAYS} days, so that it looks four times a day only: mend the clock, or delete the variable.`)] : []), // prettier-ignore
  ]
}
