// Lists the conditions that hold now. Pure: each cause has one rule, and a new cause is a file in rules/ and a line here.

import { CAUSES, isJob, SEVERITIES, type Cause, type Condition } from '../core/incident.ts'
import type { HealthFacts } from './health-facts.ts'
import { alertsBroken } from './rules/alerts-broken.ts'
import { breakerOpen } from './rules/breaker-open.ts'
import { clockSilent } from './rules/clock-silent.ts'
import { disabled } from './rules/disabled.ts'
import { failed } from './rules/failed.ts'
import { leaguesOff } from './rules/leagues-off.ts'
import { missed } from './rules/missed.ts'
import { neverSeen } from './rules/never-seen.ts'
import { nextSlotUnknown } from './rules/next-slot-unknown.ts'
import { notStarted } from './rules/not-started.ts'
import { overdue } from './rules/overdue.ts'
import { rescueLost } from './rules/rescue-lost.ts'
import type { Finding, Rule } from './rules/rule.ts'
import { siteStale } from './rules/site-stale.ts'
import { stale } from './rules/stale.ts'
import { stuck } from './rules/stuck.ts'
import { wakeUpGap } from './rules/wake-up-gap.ts'
import { watchFailed } from './rules/watch-failed.ts'

const RULES: Readonly<Record<Cause, Rule>> = {
  overdue,
  missed,
  failed,
  stale,
  stuck,
  breaker_open: breakerOpen,
  next_slot_unknown: nextSlotUnknown,
  wake_up_gap: wakeUpGap,
  clock_silent: clockSilent,
  never_seen: neverSeen,
  not_started: notStarted,
  rescue_lost: rescueLost,
  disabled,
  site_stale: siteStale,
  leagues_off: leaguesOff,
  watch_failed: watchFailed,
  alerts_broken: alertsBroken,
}

/** Everything that is wrong now: of one subject and cause at most one condition. Of a paused job only that it failed: whoever
 *  paused it knows that it does not run, but not what a run by hand came to. So of a job whose league is off, which is told by
 *  itself. */
export function conditionsOf(facts: HealthFacts): Condition[] {
  const paused = new Set([...facts.ledger.paused, ...(facts.leagues?.off ?? []).flatMap(({ jobs }) => jobs)])
  const isPaused = (subject: string) => paused.has(subject) || (paused.has('*') && isJob(subject))
  return CAUSES.flatMap((cause) =>
    onePerSubject(RULES[cause](facts))
      .filter(({ subject }) => cause === 'failed' || !isPaused(subject))
      .map((finding) => ({ ...finding, cause })),
  )
}

function onePerSubject(findings: readonly Finding[]): Finding[] {
  const worst = new Map<string, Finding>()
  for (const finding of findings) {
    const known = worst.get(finding.subject)
    if (known === undefined || isWorse(finding, known)) worst.set(finding.subject, finding)
  }
  return [...worst.values()]
}

function isWorse(one: Finding, other: Finding): boolean {
  const byGravity = SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity)
  return byGravity > 0 || (byGravity === 0 && one.knowableAt < other.knowableAt)
}
