// Asks for a build of the site after an incident opened or closed, so that nobody who looks in trouble sees last night's, and
// when a night's build did not come.

import type { Sql } from 'postgres'

import { toErrorRecord } from '../core/errors.ts'
import { SITE_OLD_HOURS } from '../core/windows.ts'
import type { GithubApi } from '../executors/github-api.ts'
import { claimSiteBuild, returnSiteBuild } from '../ledger/site-builds.ts'
import type { Log } from '../lib/log.ts'

const WORKFLOW = 'ops-dashboard.yml'
/** Each build costs some minutes, and an incident seldom comes alone. */
const AT_MOST_EVERY_MINUTES = 30
/** A build that did not come is mostly one that may not be published, which a person has to mend. */
const AFTER_ONE_IN_VAIN_HOURS = 6

export interface SiteParts {
  readonly sql: Sql
  readonly environment: string
  readonly github: GithubApi | undefined
  readonly log: Log
}

/** True when the build was asked for. What changed within half an hour of the last one, or within six of one that
 *  led to nothing, waits for a later pass. Never throws over GitHub: a site that is late is no reason to fail. */
export async function askForSite({ sql, environment, github, log }: SiteParts, now: Date): Promise<boolean> {
  // The site is production's, whoever asks for it.
  if (github === undefined || environment !== 'production') return false
  const wish = { minutes: AT_MOST_EVERY_MINUTES, vainHours: AFTER_ONE_IN_VAIN_HOURS, staleHours: SITE_OLD_HOURS }
  const claim = await claimSiteBuild(sql, { at: now, ...wish })
  if (claim === undefined) return false
  try {
    await github.dispatchWorkflow(WORKFLOW, {})
    return true
  } catch (error) {
    await returnSiteBuild(sql, claim)
    log.warn('the site could not be asked for', { cause: toErrorRecord(error).message })
    return false
  }
}
