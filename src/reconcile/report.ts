// Reports what a pass did, as data for the ledger and as lines for people.

import { sayDuration } from '../core/wording.ts'
import type { Sent } from './send.ts'
import type { StepFailure } from './steps.ts'

/** One time round. */
export interface Round extends Omit<Sent, 'sent'> {
  at: Date
  written: number
  sent: Sent['sent']
  dropped: number
  later: Sent['later']
  failed: Sent['failed']
  abandoned: number
  ghosts: number
  hastened: number
  waived: number
  /** Slots skipped because LEAGUES switches their league off. */
  leaguesOff: number
  /** Workflow files that were enabled again. */
  enabled: readonly string[]
  githubError: string | undefined
  opened: number
  closed: number
  /** What is wrong now, a sentence each. */
  troubles: readonly string[]
  told: number
  /** Channels that could not be told, each with why. */
  deaf: readonly string[]
  /** The site was asked for: an incident opened or closed, or the last one is old. */
  siteAsked: boolean
  /** What could not be done; the rest was. */
  failures: readonly StepFailure[]
  /** It is an incident that something could not be done: a question that GitHub left unanswered once may be temporary. */
  incomplete: boolean
  /** Why nobody has heard of what is open for more than an hour; `red` once a day. */
  unheard: { readonly why: string; readonly red: boolean } | undefined
  /** Nobody could be told of anything. */
  untold: boolean
  /** Another pass took the lease over: this one stopped. */
  lostLease: boolean
}

/** A round that has done nothing yet. */
export function emptyRound(at: Date): Round {
  const nothing = { written: 0, sent: [], dropped: 0, later: [], failed: [], abandoned: 0, ghosts: 0, hastened: 0 }
  const health = { waived: 0, leaguesOff: 0, enabled: [], githubError: undefined, opened: 0, closed: 0, troubles: [] }
  return {
    at,
    ...nothing,
    ...health,
    told: 0,
    deaf: [],
    siteAsked: false,
    failures: [],
    incomplete: false,
    unheard: undefined,
    untold: false,
    lostLease: false,
  }
}

/** The lines that a person reads, and that the job summary shows. */
export function sayPass(
  rounds: readonly Round[],
  gap: { readonly beganAt: Date; readonly endedAt: Date } | undefined,
): string[] {
  const alone = gap ? [`○ nobody had looked for ${sayDuration(gap.endedAt.getTime() - gap.beganAt.getTime())}`] : []
  const last = rounds.at(-1)
  if (last === undefined) return ['Another pass is at work; it will go round once more.', ...alone]
  const troubles = last.troubles.length === 0 ? ['● Nothing is wrong.'] : last.troubles.map((title) => `✕ ${title}`)
  return [...troubles, ...alone, ...rounds.flatMap(sayRound)]
}

function sayRound(round: Round): string[] {
  return [
    ...round.sent.map(({ job, reason }) => `↻ asked for ${job}: ${reason}`),
    ...round.failed.map(({ job, why }) => `✕ could not ask for ${job}: ${why}`),
    ...round.later.map(({ job, why }) => `– ${job} is not asked for yet: ${why}`),
    ...round.enabled.map((file) => `● enabled ${file} again`),
    ...counted(round.abandoned, 'silent runs were given up'),
    ...counted(round.dropped, 'requests were dropped'),
    ...counted(round.ghosts, 'runs failed before they reached the ledger'),
    ...counted(round.hastened, 'requests are sent again: their runs came to nothing'),
    ...counted(round.waived, 'slots were waived: their workflow is switched off'),
    ...counted(round.leaguesOff, 'slots were skipped: the variable LEAGUES switches their league off'),
    ...counted(round.opened, 'incidents opened'),
    ...counted(round.closed, 'incidents closed'),
    ...counted(round.told, 'messages went out'),
    ...round.deaf.map((why) => `✕ not told: ${why}`),
    ...(round.unheard ? [`✕ ${round.unheard.why}`] : []),
    ...(round.siteAsked ? ['○ the site is built anew'] : []),
    ...round.failures.filter(({ ofGithub }) => !ofGithub).map(({ step, why }) => `✕ ${step} failed: ${why}`),
    ...(round.githubError === undefined ? [] : [`○ GitHub did not answer: ${round.githubError}`]),
  ]
}

const counted = (count: number, what: string) => (count === 0 ? [] : [`○ ${count} ${what}`])
