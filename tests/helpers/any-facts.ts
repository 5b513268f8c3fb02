// Whatever a wake-up may meet, for properties: waiting slots with parents in any state, pauses, games, breakers, seasons.

import fc from 'fast-check'

import type { SeenBreaker } from '../../src/core/breaker.ts'
import type { AnyJob } from '../../src/core/job.ts'
import type { MissedPolicy, ParentState, SlotState } from '../../src/core/slot.ts'
import type { WakeUpFacts } from '../../src/core/wake-up.ts'

import { aCandidate, aDay, aJob, aParent, aSlot, at } from './builders.ts'

const MINUTE = 60_000
const NOW = at('19 12:00')
const STATES: SlotState[] = ['due', 'running', 'served', 'failed', 'missed', 'coalesced', 'waived']

const ago = (minutes: number) => new Date(NOW.getTime() - minutes * MINUTE)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })

export const anyJob: fc.Arbitrary<AnyJob> = fc
  .record({ onMissed: fc.constantFrom<MissedPolicy>('latest', 'each', 'skip'), seasonal: fc.boolean() })
  .map((wish) => aJob(wish))

const anyParent: fc.Arbitrary<ParentState> = fc
  .record({
    need: fc.constantFrom('fresh' as const, 'any' as const),
    everServed: fc.boolean(),
    state: fc.constantFrom<SlotState | undefined>(...STATES, undefined, 'served', 'served', 'served', 'served'),
    servedAgo: fc.integer({ min: 0, max: 3000 }),
  })
  .map(({ need, everServed, state, servedAgo }) => {
    const latestSlot = state && { ...aSlot({ job: 'test/parent', state }), changedAt: ago(servedAgo) }
    return aParent({ need, everServed, latestSlot })
  })

const anyCandidate = fc
  .record({
    dueAgo: fc.integer({ min: -300, max: 3000 }),
    graceMinutes: fc.integer({ min: 0, max: 600 }),
    parents: fc.array(anyParent, { maxLength: 2 }),
    chained: fc.boolean(),
    season: fc.constantFrom(2023, 2024, null),
  })
  .map(({ dueAgo, graceMinutes, season, ...rest }) => {
    const dueAt = ago(dueAgo)
    const period = { ...aDay(dueAt.toISOString().slice(0, 10)), season }
    return { ...aCandidate({ dueAt, graceUntil: ago(dueAgo - graceMinutes), ...rest }), period }
  })

const anyBreaker: fc.Arbitrary<SeenBreaker> = fc.record({
  source: fc.constant('nflverse'),
  state: fc.constantFrom('closed' as const, 'open' as const, 'half_open' as const),
  failures: fc.nat({ max: 9 }),
  trials: fc.nat({ max: 4 }),
  openedAt: fc.constant(ago(60)),
  tryAt: maybe(fc.integer({ min: -60, max: 60 }).map(ago)),
  reason: maybe(fc.constant('503')),
  onTrial: fc.boolean(),
  trialRunId: fc.constant(undefined),
})

const anySeason = fc.record({
  season: fc.constantFrom(2023, 2024),
  opensAt: fc.integer({ min: 0, max: 4000 }).map(ago),
  closesAt: fc.integer({ min: -4000, max: 2000 }).map(ago),
})

/** Facts at noon of the 19th; most gates are open most of the time. */
export const anyFacts: fc.Arbitrary<WakeUpFacts> = fc.record({
  now: fc.constant(NOW),
  byPerson: fc.boolean(),
  namedPeriod: maybe(fc.constantFrom('2024-11-18', '2024-11-19', '2023-01-01').map((day) => aDay(day))),
  defaultParams: fc.constantFrom(true, true, true, false),
  force: fc.boolean(),
  pause: maybe(fc.constant({ reason: 'the source moves house', actor: 'ann', until: ago(-60) })),
  seasons: fc.uniqueArray(anySeason, { maxLength: 2, selector: ({ season }) => season }),
  gamesUntil: maybe(fc.constant(ago(-30))),
  breakers: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(anyBreaker, { maxLength: 2 })),
  candidates: fc.uniqueArray(anyCandidate, { maxLength: 6, selector: ({ slot }) => slot.dueAt.getTime() }),
  nextDueAt: maybe(fc.constant(ago(-90))),
})
