// The environment, parsed once, by one schema. Everything else gets values, not variables.

import { ConfigFailure } from '../core/errors.ts'
import { readAll, text, Unfit, type Given, type ValuesOf } from '../core/reader.ts'

function number(given: Given): number | undefined {
  const digits = text(given)
  return digits === undefined ? undefined : Number(digits)
}

function instant(given: Given): Date | undefined | Unfit {
  const named = text(given)
  if (named === undefined) return undefined
  const at = new Date(named)
  return Number.isNaN(at.getTime()) ? new Unfit('expected an instant such as 2026-11-22T08:07:00Z') : at
}

function logFormat(given: Given): 'text' | 'json' {
  return given === 'json' ? 'json' : 'text'
}

/** As it stands, blanks and all. */
function untouched(given: Given): string | undefined {
  return typeof given === 'string' ? given || undefined : undefined
}

interface DeclaredSecret {
  /** What it is, for people. */
  readonly is: string
  /** The one workflow that hands it to its script; undefined: whichever reaches the ledger or GitHub. */
  readonly only?: string
}

/** What nobody may see. To be declared here is all that it takes: redaction, masks, the scan of the site and SECURITY.md's table follow,
 *  and the check of workflows. Those that tell people are optional, and silent where they are no address (src/alerts/index.ts). */
export const SECRETS = {
  DATABASE_URL: { is: 'the database, with its password' },
  DATABASE_URL_DEVELOPMENT: { is: 'a second, separate database: runs for development get it as `DATABASE_URL`' },
  GITHUB_TOKEN: { is: 'the token that GitHub makes for a run; what it may do stands at each job, with the reason' },
  SLACK_WEBHOOK_URL: { is: 'where people are told', only: 'ops-watch' },
  DISCORD_WEBHOOK_URL: { is: 'where people are told', only: 'ops-watch' },
  SMTP_URL: { is: 'the mail server that people are told by, with its password', only: 'ops-watch' },
  ALERT_WEBHOOK_URL: { is: 'where people are told', only: 'ops-watch' },
  ALERT_WEBHOOK_SECRET: { is: 'signs what goes to `ALERT_WEBHOOK_URL`', only: 'ops-watch' },
  HEARTBEAT_URL: { is: 'pinged after each pass, so that somebody else notices when there are none', only: 'ops-watch' },
} as const satisfies Readonly<Record<string, DeclaredSecret>>

/** The names of the variables that are secret. */
export const SECRET_VARIABLES: readonly string[] = Object.keys(SECRETS)

const secrets = Object.fromEntries(SECRET_VARIABLES.map((name) => [name, text])) as Record<keyof typeof SECRETS, typeof text> // prettier-ignore

const known = {
  ...secrets,
  MATCHDAY_ENVIRONMENT: text,
  /** The virtual instant of a replay; refused outside one. */
  MATCHDAY_NOW: instant,
  MATCHDAY_LOG: logFormat,
  GITHUB_ACTIONS: text,
  GITHUB_EVENT_NAME: text,
  GITHUB_EVENT_PATH: text,
  GITHUB_REF: text,
  GITHUB_SHA: text,
  GITHUB_ACTOR: text,
  GITHUB_RUN_ID: text,
  GITHUB_RUN_ATTEMPT: number,
  GITHUB_RUN_NUMBER: number,
  GITHUB_REPOSITORY: text,
  GITHUB_SERVER_URL: text,
  GITHUB_STEP_SUMMARY: text,
  GITHUB_OUTPUT: text,
  GITHUB_API_URL: text,
  /** As of when the site was built that ops-dashboard has just deployed or kept. */
  SITE_BUILT_AT: instant,
  ALERT_EMAIL_FROM: text,
  ALERT_EMAIL_TO: text,
  ALERT_ROUTES: text,
  /** Where the site is, for links in messages. */
  SITE_URL: text,
  /** `true`: active workflows are enabled again before GitHub disables them for inactivity (README says what that may cost). */
  KEEP_AWAKE: text,
  /** `true`: an outside clock asks and starts ops-watch, whose own hourly line is skipped but four times a day. */
  OUTSIDE_CLOCK: text,
  /** JSON list of the leagues that are switched on; absent means the workflows' own default. Untouched, as GitHub reads it: to its
   *  expressions a blank is a value, and one that they refuse. */
  LEAGUES: untouched,
}

export type Env = ValuesOf<typeof known> & {
  /** All other variables that are not empty: what a league declares, the addresses and keys of its sources, is looked up here. */
  readonly given: Readonly<Record<string, string>>
}

/** Reads the variables Matchday knows; an empty one counts as absent, as a missing secret does on Actions. Throws
 *  ConfigFailure that names every variable with what was expected, never its value. */
export function parseEnv(variables: NodeJS.ProcessEnv): Env {
  const { values, problems } = readAll(known, variables)
  if (problems.length === 0) return { ...values, given: givenIn(variables) }
  const told = problems.map(({ name, expected }) => `${name}: ${expected}`)
  throw new ConfigFailure(`the environment cannot be used: ${told.join('; ')}`, { code: 'bad_environment' })
}

function givenIn(variables: NodeJS.ProcessEnv): Record<string, string> {
  const others = Object.entries(variables).filter(([name]) => !(name in known))
  return Object.fromEntries(others.flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])))
}

/** Does OUTSIDE_CLOCK say that there is an outside clock? As ops-watch's own condition reads it: whatever its case. */
export function isClockDeclared(env: Env): boolean {
  return env.OUTSIDE_CLOCK?.toLowerCase() === 'true'
}

/** Is this a runner of GitHub Actions (or something that says it is)? */
export function isOnActions(env: Env): boolean {
  return env.GITHUB_ACTIONS === 'true'
}
