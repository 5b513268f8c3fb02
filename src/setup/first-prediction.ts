// Works out when predictions begin, which a new owner waits for, most of all in the months without games.

import type { AnyJob } from '../core/job.ts'
import { isInSeason, type Season } from '../core/wake-up.ts'
import { sayInstant } from '../core/wording.ts'
import { nextDue, type CronLine } from '../schedule/cron.ts'
import { ok, type Finding } from './advice.ts'

/** A season begins within a year of the last one's end. */
const LOOK_AHEAD_MS = 400 * 86_400_000

export interface Predictor {
  readonly job: AnyJob
  readonly lines: readonly CronLine[]
  /** As the league's schedule shows them; none before it was read for the first time. */
  readonly seasons: readonly Season[]
  /** The job that reads the schedule. */
  readonly reader: string
}

/** The day of the next prediction, or when it will be known. Nothing for a league without one. */
export function adviseFirstPrediction(predictor: Predictor, now: Date): Finding[] {
  const { job, lines, seasons, reader } = predictor
  if (lines.length === 0) return []
  if (seasons.length === 0)
    return [
      ok(`The day of the first prediction is known once ${reader} has read the schedule: run ops-setup again after it to be told.`), // prettier-ignore
    ]
  const at = findFirstInSeason(predictor, now)
  if (at === undefined) return []
  const season = job.period(at).season
  const isKnown = seasons.some((one) => one.season === season)
  const isOpen = seasons.some(({ opensAt, closesAt }) => opensAt <= now && now <= closesAt)
  if (isOpen) return [ok(`The next prediction of ${job.id} is due ${sayInstant(at)}.`)]
  const by = isKnown ? '' : ` That is by the calendar: ${reader} has not found the schedule of ${season} yet.`
  return [ok(`${job.league} is out of season: its first prediction is due ${sayInstant(at)}.${by}`)]
}

/** As slots are judged when they are written down. */
function findFirstInSeason({ job, lines, seasons }: Predictor, now: Date): Date | undefined {
  const found = lines.flatMap((line) => {
    for (let at = nextDue(line, now); at && at.getTime() - now.getTime() < LOOK_AHEAD_MS; at = nextDue(line, at))
      if (isInSeason({ slot: { dueAt: at }, period: job.period(at) }, seasons)) return [at]
    return []
  })
  return found.sort((a, b) => a.getTime() - b.getTime())[0]
}
