// Works out when a season opens and closes, from the first and last kick-off that its schedule lists.

import { instantAt } from '../../core/local-time.ts'
import { addDays, localDay } from '../../core/zone.ts'
import { superBowlWeek, ZONE } from './calendar.ts'

const DAY = 86_400_000
const OPENS_BEFORE = 7 * DAY
const CLOSES_AFTER = 6 * DAY // so that the last results are graded and told

/** The season's span. Until the Super Bowl is listed, the calendar says when it will be. */
export function seasonOf(listed: { season: number; firstKickoffAt: Date; lastKickoffAt: Date; hasSuperBowl: boolean }) {
  const { season, firstKickoffAt } = listed
  const end = listed.hasSuperBowl ? listed.lastKickoffAt : expectedSuperBowl(season, firstKickoffAt)
  return {
    season,
    opensAt: new Date(firstKickoffAt.getTime() - OPENS_BEFORE),
    closesAt: new Date(end.getTime() + CLOSES_AFTER),
  }
}

/** Its Sunday: weeks are counted from the Wednesday of opening week, and one idle week lies before it. */
function expectedSuperBowl(season: number, firstKickoffAt: Date): Date {
  const opening = localDay(firstKickoffAt, ZONE)
  const weekday = new Date(`${opening}T00:00:00Z`).getUTCDay()
  const wednesday = addDays(opening, -((weekday - 3 + 7) % 7))
  return instantAt(addDays(wednesday, 7 * superBowlWeek(season) + 4), '18:30', ZONE)
}
