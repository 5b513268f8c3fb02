// The switch by which a league's jobs are on or off: one `if:` per workflow job, over the repository variable LEAGUES.

import { ConfigFailure } from '../core/errors.ts'

/** The league a workflow's job belongs to, and the leagues that are on where the variable is not set. */
export interface LeagueSwitch {
  readonly league: string
  readonly defaults: readonly string[]
}

const FORM = /^contains\(fromJSON\(vars\.LEAGUES \|\| '(?<defaults>\[[^']*\])'\), '(?<league>[a-z]+)'\)$/

/** How an `if:` that is a league switch reads, for messages. */
export const SWITCH_FORM = `contains(fromJSON(vars.LEAGUES || '["nfl","fantasy"]'), '<league>')`

/** A league switch, or undefined when the condition is anything else. */
export function findLeagueSwitch(condition: string): LeagueSwitch | undefined {
  const { defaults, league } = FORM.exec(condition)?.groups ?? {}
  const names = defaults === undefined ? undefined : findNames(defaults)
  return names && league !== undefined ? { league, defaults: names } : undefined
}

/** Is it on, with the variable LEAGUES as GitHub hands it over (empty where it is not set)? Throws ConfigFailure. */
export function isSwitchedOn(given: LeagueSwitch | undefined, leaguesVariable: string | undefined): boolean {
  if (given === undefined) return true
  if (!leaguesVariable) return given.defaults.includes(given.league)
  const names = findNames(leaguesVariable)
  if (names) return names.includes(given.league)
  throw new ConfigFailure(`LEAGUES "${leaguesVariable}" is not a list: expected JSON such as ["nfl","fantasy"]`)
}

function findNames(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every((name) => typeof name === 'string') ? value : undefined
  } catch {
    return undefined // not JSON; the caller says what was expected
  }
}
