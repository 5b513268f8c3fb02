// Defines the facts that the rules of health are given: the ledger's side, read in one go, and what only the code, the clock and GitHub know.

import type { LedgerHealth } from '../ledger/health.ts'
import type { Holder } from '../ledger/silent.ts'

export interface HealthFacts {
  /** Schedule time. */
  readonly now: Date
  readonly ledger: LedgerHealth
  /** Of the jobs that this checkout has. */
  readonly jobs: readonly KnownJob[]
  /** Slots whose grace is over and that a wake-up could serve now, judged by the door's own gates. */
  readonly overdue: readonly OverdueFact[]
  /** Silent runs that cannot be given up. */
  readonly locked: readonly LockedRun[]
  /** What this pass could not do. */
  readonly failures: readonly { readonly step: string; readonly why: string; readonly ofGithub: boolean }[]
  /** Ways to tell people that do not work. */
  readonly mute: readonly MuteChannel[]
  /** GitHub disables schedules for inactivity in public repositories only. Undefined: nobody knows. */
  readonly publicRepository: boolean | undefined
  /** Does OUTSIDE_CLOCK say that there is an outside clock? */
  readonly clockDeclared: boolean
  /** What the variable LEAGUES comes to. Undefined: GitHub does not evaluate it here. */
  readonly leagues: LeagueFacts | undefined
  /** How long nobody may look before people are told; undefined: 90 minutes. */
  readonly wakeUpGapLimitMs: number | undefined
}

export interface LeagueFacts {
  /** The variable as it is set, in words. */
  readonly said: string
  /** Why it cannot be what somebody meant. */
  readonly problem: string | undefined
  /** The leagues that are off, with how many of their cron lines are in force. */
  readonly off: readonly { readonly league: string; readonly jobs: readonly string[]; readonly lines: number }[]
}

/** What its definition, its workflow and the calendar say of a job. */
export interface KnownJob {
  readonly job: string
  readonly graceMinutes: number
  /** The providers without which it cannot do its work. */
  readonly sources: readonly string[]
  /** Of its workflow. */
  readonly timeoutMinutes: number | undefined
  /** Is it to work at all now? True for a job that knows no season. */
  readonly inSeason: boolean
  readonly seasonOpensAt: Date | undefined
  /** The longest distance between neighbouring due times around now, so that a job due on Tuesdays and Thursdays is not
   *  called stale on a Monday. Undefined: it has no schedule. */
  readonly periodMs: number | undefined
  /** Its cron lines in force. */
  readonly lines: number
}

/** A slot that is overdue, and what has been done about it. */
export interface OverdueFact {
  readonly job: string
  readonly dueAt: Date
  readonly graceOverAt: Date
  readonly deadlineAt: Date
  /** Why it waits, in the slot's own words: what the last run that held it left. */
  readonly reason: string | undefined
  /** Failed runs so far. */
  readonly tries: number
  /** The request for it; `sentAt` undefined: it is written down and not sent yet. */
  readonly asked?: { readonly kind: string; readonly sentAt: Date | undefined; readonly tries: number } | undefined
}

/** A run that says nothing, and whose row a session of the database holds. */
export interface LockedRun {
  readonly runId: string
  readonly job: string
  readonly slotDueAt: Date | undefined
  /** By the database's clock. */
  readonly silentMs: number
  /** Is its process known to be gone? Otherwise it may be inside a long write. */
  readonly isDead: boolean
  /** What is known of it. */
  readonly why: string
  /** Undefined: the database does not show it. */
  readonly holder: Holder | undefined
}

/** A channel that refuses, or a setting of alerts that cannot be read. */
export interface MuteChannel {
  readonly name: string
  readonly why: string
}
