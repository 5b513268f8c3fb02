// The Schedule: what is due, what each line promises, when clocks move, what it costs, who interfered.

import { COMING_DAYS } from '../../../src/core/windows.ts'
import { count, firstSentence } from '../../../src/core/wording.ts'
import type { ViewContext } from '../../../src/views/context.ts'
import type { AgendaEntry } from '../../../src/views/schedule/agenda.ts'
import type { ScheduleView } from '../../../src/views/schedule/schedule.ts'
import { toPage, type SiteFile } from '../build.ts'
import { Frame } from '../kit/layout.tsx'
import { placeOf, sayDay, sayTime } from '../kit/time.tsx'
import { Agenda } from './schedule/agenda.tsx'
import { Clocks } from './schedule/clocks.tsx'
import { Lines, PastLines } from './schedule/lines.tsx'
import { Minutes } from './schedule/minutes.tsx'
import { Audit, InForce } from './schedule/overrides.tsx'

/** `schedule.html`. */
export function renderSchedule(site: ViewContext, view: ScheduleView): SiteFile[] {
  const pauses = sayPauses(site, view)
  const page = (
    <Frame
      site={site}
      path="schedule.html"
      title="Schedule"
      description={`What is due in the coming ${COMING_DAYS} days, what each line promises, and what it costs.`}
    >
      <h1>{saySchedule(site, view)}</h1>
      {pauses !== '' && <p class="lead">{pauses}</p>}
      <Agenda site={site} view={view} />
      <Lines site={site} view={view} />
      <Clocks site={site} view={view} />
      <Minutes site={site} view={view} />
      <InForce site={site} view={view} />
      <Audit site={site} view={view} />
      <PastLines site={site} view={view} />
    </Frame>
  )
  return [toPage('schedule.html', page)]
}

/** What is due next, and then what a person has stopped: the reason, which may be long, is a line of its own. */
function saySchedule(site: ViewContext, { agenda, clocks }: ScheduleView): string {
  const due = sayDue(agenda.flatMap((day) => day.entries))
  const soon = clocks.find(({ at }) => at !== undefined && at.getTime() - site.now.getTime() < COMING_DAYS * 86_400_000)
  const night = soon?.at ? ` Clocks in ${placeOf(soon.zone)} go ${soon.minutes > 0 ? 'forward' : 'back'} on ${sayDay(soon.at, soon.zone)}.` : '' // prettier-ignore
  return due + night
}

function sayPauses(site: ViewContext, { inForce }: ScheduleView): string {
  const pauses = inForce.filter(({ kind }) => kind === 'pause')
  const [pause] = pauses
  if (!pause) return ''
  const who = pause.job === '*' ? 'Every job' : pause.job
  const others = pauses.length > 1 ? ` ${count(pauses.length - 1, 'other pause')} in force.` : ''
  return `${who} is paused until ${sayMoment(pause.expiresAt, site.zone)}: ${firstSentence(pause.reason, 80)}.${others}`
}

/** What nobody is to serve is no promise: it is out of season, waived, or served ahead of time. */
function sayDue(entries: readonly AgendaEntry[]): string {
  const slotsOf = (some: readonly AgendaEntry[]) => some.reduce((all, entry) => all + entry.count, 0)
  const open = entries.filter((entry) => entry.open)
  const [next] = open
  const nothing = `Nothing is due in the coming ${COMING_DAYS} days:`
  if (entries.length === 0) return `${nothing} no cron line is in force. ops-setup registers them.`
  if (!next) return `${nothing} ${count(slotsOf(entries), 'slot')} out of season, waived or served already.`
  const slots = slotsOf(open)
  return `${count(slots, 'slot')} ${slots === 1 ? 'is' : 'are'} due in the coming ${COMING_DAYS} days, next ${next.job}, ${sayMoment(next.dueAt, next.zone)}.`
}

const sayMoment = (at: Date, zone: string) => `${sayDay(at, zone)} ${sayTime(at, zone)} ${placeOf(zone)}`
