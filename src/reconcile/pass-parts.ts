// Defines what a pass of ops-watch works with.

import type { Sql } from 'postgres'

import type { ClocksApart } from '../core/clocks.ts'
import type { AnyJob } from '../core/job.ts'
import type { GithubApi } from '../executors/github-api.ts'
import type { Executor } from '../executors/types.ts'
import type { Log } from '../lib/log.ts'
import type { Patience } from '../lib/patience.ts'
import type { ProcessIdentity } from '../lib/process-identity.ts'
import type { MuteChannel } from '../observe/health-facts.ts'
import type { CatalogJob } from '../schedule/catalog.ts'
import type { LeagueReading } from '../schedule/league-switch.ts'

export interface PassParts {
  readonly sql: Sql
  readonly jobs: readonly AnyJob[]
  readonly catalog: readonly CatalogJob[]
  /** The variable LEAGUES, where GitHub evaluates it. */
  readonly leagues?: LeagueReading | undefined
  readonly environment: string
  readonly identity: ProcessIdentity
  readonly executor: Executor
  /** Undefined where GitHub cannot be asked. */
  readonly github: GithubApi | undefined
  /** As the event says; undefined: GitHub is asked. */
  readonly publicRepository: boolean | undefined
  /** Does OUTSIDE_CLOCK say that there is an outside clock? */
  readonly clockDeclared: boolean
  /** Are active workflows enabled again before GitHub disables them for inactivity? */
  readonly keepAwake?: boolean
  /** Tells people what changed; returns how many messages went out, what did not, and which ways to people do not work. */
  readonly tell: (now: Date) => Promise<{ sent: number; failed: readonly string[]; mute: readonly MuteChannel[] }>
  /** Why nobody listens, if nobody does; `red`: the pass is to end red for it. Not given where nobody has to. */
  readonly listen?: (now: Date) => Promise<{ why: string; red: boolean } | undefined>
  /** Schedule time. */
  readonly clock: () => Date
  /** Why nothing may be judged, as far as it is known by now: clocks that disagree. Not given where time is virtual. */
  readonly clocksApart?: () => ClocksApart | undefined
  /** Tries once more what may be temporary, as doors do while they open; not at all unless given. */
  readonly patience?: Patience
  /** An error as a person reads it, without any secret. */
  readonly explain: (error: unknown) => string
  readonly log: Log
}
