// Incidents: what is wrong now, what was, for how long, and how people were told.

import { FAILURE_WEEKS } from '../../../../src/core/windows.ts'
import { count, sayCount, sayList, sayMinutes } from '../../../../src/core/wording.ts'
import type { FailuresView } from '../../../../src/views/failures/failures.ts'
import { sayCode } from '../../kit/codes.ts'
import { sayMs } from '../../kit/durations.ts'
import { JobName } from '../../kit/job-name.tsx'
import { RunLink } from '../../kit/run-link.tsx'
import { Table } from '../../kit/table.tsx'
import { When } from '../../kit/when.tsx'

import type { FailuresProps } from './parts.ts'

type Incident = FailuresView['incidents']['past'][number]

const TONES = { critical: 'bad', warning: 'warn', info: 'info' } as const

export function OpenIncidents({ site, view, root }: FailuresProps) {
  const { open, past } = view.incidents
  return (
    <section>
      <h2 id="open">Open incidents</h2>
      {open.length === 0 && <p class="empty">{sinceWhen(past, site)}</p>}
      {open.map((incident) => (
        <div class="trouble">
          <p>
            <strong class={TONES[incident.severity]}>
              {incident.severity}: {incident.title}
            </strong>
          </p>
          <p>{incident.detail}</p>
          <p class="small faint">
            <Subject site={site} subject={incident.subject} root={root} /> · {sayCode(incident.cause)} · open since{' '}
            <When at={incident.openedAt} zone={site.zone} now={site.now} placed />, for {lengthOf(incident, site.now)} ·
            told {sayTold(incident)}
            {incident.acknowledgedBy !== undefined && ` · taken by ${incident.acknowledgedBy}`}
            {incident.runId !== undefined && (
              <>
                {' '}
                ·{' '}
                <RunLink site={site} root={root} id={incident.runId}>
                  the run
                </RunLink>
              </>
            )}
          </p>
        </div>
      ))}
    </section>
  )
}

function sinceWhen(past: readonly Incident[], { now, zone }: FailuresProps['site']) {
  const last = past.map(({ closedAt }) => closedAt).sort((a, b) => (b?.getTime() ?? 0) - (a?.getTime() ?? 0))[0]
  if (!last) return `No incident in the last ${FAILURE_WEEKS} weeks. What goes wrong stands here while it lasts.`
  return <>None since <When at={last} zone={zone} now={now} placed />. What goes wrong stands here while it lasts.</> // prettier-ignore
}

export function PastIncidents({ site, view, root }: FailuresProps) {
  const { past, leftOut } = view.incidents
  return (
    <section>
      <h2 id="incidents">Incidents that ended</h2>
      <Table
        caption={`${count(past.length, 'incident')} of the last ${FAILURE_WEEKS} weeks, the newest first`}
        columns={[
          { head: 'opened', cell: ({ openedAt }) => <When at={openedAt} zone={site.zone} now={site.now} />, sort: ({ openedAt }) => openedAt.getTime() },
          { head: 'of', weight: 2, cell: ({ subject }) => <Subject site={site} subject={subject} root={root} />, sort: ({ subject }) => subject },
          { head: 'what', cell: (incident) => <What {...{ site, root, incident }} /> },
          { head: 'cause', weight: 3, cell: ({ cause }) => sayCode(cause) },
          { head: 'lasted', right: true, cell: (incident) => lengthOf(incident, site.now), sort: ({ openedAt, closedAt }) => (closedAt ?? site.now).getTime() - openedAt.getTime() },
          { head: 'told', weight: 2, cell: sayTold, sort: (incident) => toldAfter(incident) ?? -1 },
        ]}
        rows={past}
        empty={`No incident ended in the last ${FAILURE_WEEKS} weeks.`}
      />
      {leftOut > 0 && <p class="faint small">{count(leftOut, 'older incident')} stand in the ledger.</p>}
    </section>
  )
} // prettier-ignore

function What({ site, root, incident }: Omit<FailuresProps, 'view'> & { incident: Incident }) {
  const words = (
    <>
      <span class={TONES[incident.severity]}>{incident.severity}</span> {incident.title}
      {incident.times > 1 && <span class="faint"> ({incident.times} times)</span>}
    </>
  )
  return incident.runId === undefined ? words : <>{words} <RunLink site={site} root={root} id={incident.runId}>run</RunLink></> // prettier-ignore
}

function Subject({ site, subject, root }: Omit<FailuresProps, 'view'> & { subject: string }) {
  return <JobName site={site} root={root} job={subject.replace('source:', 'source ')} />
}

function lengthOf({ openedAt, closedAt }: Incident, now: Date): string {
  return sayMs((closedAt ?? now).getTime() - openedAt.getTime())
}

/** Milliseconds from when it could be known until somebody was told. */
function toldAfter({ told, knowableAt }: Incident): number | undefined {
  const first = told.flatMap(({ firstAt }) => firstAt?.getTime() ?? []).sort((a, b) => a - b)[0]
  return first === undefined ? undefined : Math.max(0, first - knowableAt.getTime())
}

const CHANNELS: Readonly<Record<string, string>> = {
  'github-issue': 'GitHub',
  discord: 'Discord',
  email: 'e-mail',
  slack: 'Slack',
  webhook: 'webhook',
}
/** One is told by these, and on the others. */
const BY = ['email', 'webhook']

const named = (channels: readonly string[]) => sayList(channels.map((channel) => CHANNELS[channel] ?? channel))

/** `on GitHub and Slack and by e-mail`. */
function through(channels: readonly string[]): string {
  const on = channels.filter((channel) => !BY.includes(channel))
  const by = channels.filter((channel) => BY.includes(channel))
  return [...(on.length > 0 ? [`on ${named(on)}`] : []), ...(by.length > 0 ? [`by ${named(by)}`] : [])].join(' and ')
}

/** `on Discord and Slack within 3 m; on GitHub within 5 h 4 m`, or `nobody` and why. */
function sayTold({ told, knowableAt }: Incident): string {
  const sent = told.flatMap(({ channel, firstAt }) =>
    firstAt ? [{ channel, minutes: Math.max(1, Math.ceil((firstAt.getTime() - knowableAt.getTime()) / 60_000)) }] : [],
  )
  const within = (minutes: number) => sent.filter((one) => one.minutes === minutes).map(({ channel }) => channel)
  const failed = told.filter((one) => one.sent === 0 && one.failed > 0).map(({ channel }) => channel)
  const waiting = told.filter((one) => one.sent === 0 && one.failed === 0 && one.waiting > 0)
  const others = [
    ...(failed.length > 0 ? [`${named(failed)} not reached`] : []),
    ...(waiting.length > 0 ? [`${sayCount(waiting.length)} on the way`] : []),
  ]
  if (sent.length === 0) return others.length === 0 ? 'nobody' : `nobody yet: ${others.join('; ')}`
  const soonest = [...new Set(sent.map(({ minutes }) => minutes))].sort((a, b) => a - b)
  return [...soonest.map((minutes) => `${through(within(minutes))} within ${sayMinutes(minutes)}`), ...others].join(
    '; ',
  )
}
