// The switch by which a league's jobs are on or off: part of the `if:` of each of its jobs, over the repository variable LEAGUES.
// GitHub evaluates it, so that it is read here as GitHub reads it, leniency included; @actions/expressions is what tests hold
// it against. Where JSON.parse refuses what GitHub's own parser may take, nothing is taken for switched off.

/** The league a workflow's job belongs to, and the leagues that are on where the variable is not set: itself, or none. */
export interface LeagueSwitch {
  readonly league: string
  readonly defaults: readonly string[]
}

const FORM = /^contains\(fromJSON\(vars\.LEAGUES \|\| '(?<defaults>\[[^']*\])'\), '(?<league>[a-z]+)'\)$/

/** How an `if:` that is a league switch reads, for messages. */
export const SWITCH_FORM = `contains(fromJSON(vars.LEAGUES || '["<league>"]'), '<league>')`

/** A league switch, or undefined when the condition is anything else. */
export function findLeagueSwitch(condition: string): LeagueSwitch | undefined {
  const { defaults, league } = FORM.exec(condition)?.groups ?? {}
  const names = defaults === undefined ? undefined : findNames(defaults)
  return names && league !== undefined ? { league, defaults: names } : undefined
}

/** What GitHub makes of a switch: it runs the jobs, skips them, or fails every run because it cannot read the variable. */
export type SwitchState = 'on' | 'off' | 'unreadable'

/** The state of a switch, with the variable LEAGUES as GitHub hands it over: exactly as it is set, empty where it is not. A job
 *  without a switch is always on. */
export function readSwitch(given: LeagueSwitch | undefined, variable: string | undefined): SwitchState {
  if (given === undefined) return 'on'
  const value = variable ? fromJson(variable) : { is: given.defaults }
  if (value === undefined) return 'unreadable'
  return contains(value.is, given.league) ? 'on' : 'off'
}

/** What the variable LEAGUES comes to, over all leagues that have a switch. */
export interface LeagueReading {
  /** The variable as it is set; undefined: it is not, and the workflows' defaults count. */
  readonly variable: string | undefined
  readonly runs: (given: LeagueSwitch | undefined) => boolean
  /** The leagues that are meant to be off. None where the variable has a problem: a mistake must not end a season. */
  readonly off: readonly string[]
  /** Why the variable cannot be what somebody meant, in a sentence that begins with LEAGUES. */
  readonly problem: string | undefined
}

/** Reads the variable for these switches. */
export function readLeagues(
  switches: readonly (LeagueSwitch | undefined)[],
  variable: string | undefined,
): LeagueReading {
  const given = switches.filter((one) => one !== undefined)
  const leagues = [...new Set(given.map(({ league }) => league))].sort()
  const problem = variable ? findProblem(variable, leagues) : undefined
  const off = given.filter((one) => readSwitch(one, variable) === 'off').map(({ league }) => league)
  return {
    variable: variable || undefined,
    runs: (one) => readSwitch(one, variable) === 'on',
    off: problem === undefined ? leagues.filter((league) => off.includes(league)) : [],
    problem,
  }
}

const SHOWN = 200

/** The variable in a sentence, whatever somebody has put there. */
export function sayLeagues({ variable }: Pick<LeagueReading, 'variable'>): string {
  if (variable === undefined) return 'LEAGUES is not set'
  const plain = variable.replace(/\s+/g, ' ')
  return `LEAGUES is ${plain.length > SHOWN ? `${plain.slice(0, SHOWN)}…` : plain.trim() === '' ? 'blank' : plain}`
}

function findProblem(variable: string, leagues: readonly string[]): string | undefined {
  const said = sayLeagues({ variable })
  const expected = `expected JSON such as ${JSON.stringify(leagues)}`
  const value = fromJson(variable)
  if (value === undefined) return `${said}, which GitHub cannot read as JSON, so that every run fails; ${expected}`
  const names = namesIn(value.is)
  if (names === undefined) return `${said}, which is no list, so that GitHub skips every league; ${expected}`
  const unknown = names.filter((name) => !leagues.some((league) => upper(league) === upper(name)))
  if (unknown.length === 0) return undefined
  const quoted = unknown.map((name) => JSON.stringify(name)).join(', ')
  return `${said}, and ${quoted} is no league of this repository (${leagues.join(', ')}), so that GitHub skips what was meant; ${expected}`
}

/** The names that somebody has written: of a list its items, of a text (in which GitHub looks for the league) its words. */
function namesIn(value: unknown): string[] | undefined {
  if (Array.isArray(value)) return value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
  const words = typeof value === 'string' ? value.split(/[\s,;]+/).filter(Boolean) : []
  return words.length === 0 ? undefined : words
}

/** GitHub's contains: an item of a list, or a part of a text; case does not count. Nothing else contains anything. */
function contains(search: unknown, league: string): boolean {
  if (Array.isArray(search)) return search.some((one) => typeof one === 'string' && upper(one) === upper(league))
  if (typeof search === 'object' && search !== null) return false
  return textOf(search).toLowerCase().includes(league.toLowerCase())
}

/** As GitHub compares texts: the dotless i is left alone. */
function upper(text: string): string {
  return text
    .split('ı')
    .map((part) => part.toUpperCase())
    .join('ı')
}

/** A simple value as GitHub turns it into text. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value === 0 ? 0 : Number(value.toFixed(15)))
  return typeof value === 'boolean' ? String(value) : ''
}

function fromJson(text: string): { is: unknown } | undefined {
  try {
    return { is: JSON.parse(text) as unknown }
  } catch {
    return undefined // not JSON; the caller says what was expected
  }
}

function findNames(text: string): string[] | undefined {
  const value = fromJson(text)?.is
  return Array.isArray(value) && value.every((name) => typeof name === 'string') ? value : undefined
}
