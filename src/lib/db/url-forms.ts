// Reads the forms in which people paste a database's address (a URL, quoted, assigned, as a psql call, of another driver, as
// key=value pairs) into its parts. Strict: where a part could be read in two ways the whole is refused and nothing is quoted,
// for any part could be the password.

import { isIP } from 'node:net'

import { ConfigFailure } from '../../core/errors.ts'

import { isPlaceholder } from './url-placeholders.ts'

/** The parts of an address, decoded; undefined where it says nothing. */
export interface UrlParts {
  readonly user: string | undefined
  readonly password: string | undefined
  /** A name, an address without brackets, or the directory of a socket. */
  readonly host: string | undefined
  readonly port: number | undefined
  readonly database: string | undefined
  readonly parameters: ReadonlyMap<string, string>
}

const EXPECTED = 'expected postgres://USER:PASSWORD@HOST:5432/DATABASE'
const ENCODE = 'Signs such as @ : / ? # % in user and password must be percent-encoded.'

/** A refusal that names what is wrong and quotes nothing. */
export function refusal(what: string, next = ENCODE): ConfigFailure {
  return new ConfigFailure(`the database URL ${what}: ${EXPECTED}. ${next}`, { code: 'database_url' })
}

/** Takes apart what stands in DATABASE_URL; throws ConfigFailure. */
export function readUrlParts(text: string): UrlParts {
  const bare = unwrap(text)
  if (bare === '') throw refusal('is empty', 'Set DATABASE_URL.')
  return isPairs(bare) ? readPairs(bare) : readUrl(bare)
}

/** Without quotes, a variable's name or the psql command around it. */
export function unwrap(text: string): string {
  let [before, bare] = ['', text.trim()]
  while (before !== bare) {
    before = bare
    bare = bare
      .replace(
        /^(?:export\s+|set\s+|\$env:)?[A-Z][A-Z0-9_]*\s*[=:]\s*(?=['"`]|psql\s|[a-z]+[a-z0-9+:]*:\/\/|host\s*=)/,
        '',
      )
      .replace(/^psql\s+(?:(?:-d|--dbname)[\s=]+)?(?=['"]|postgres(?:ql)?:\/\/|host\s*=)/, '')
      .replace(/^(['"`])(.*)\1;?$/s, '$2')
      .trim()
  }
  return bare
}

// Scheme, login, host and port, database, query. Each sign that separates them may stand where it separates, and nowhere else.
const FORM = /^([a-z][a-z0-9+.:-]*):\/\/(?:([^@/?#\s]*)@)?([^@/?#\s]*)(?:\/([^@/?#\s]*))?(?:\?([^@?#\s]*))?$/i
const OURS = /^(?:jdbc:)?(?:postgres|postgresql|pgsql|postgis)(?:\+[a-z0-9_]+)?$/i
const OTHERS =
  /^(?:jdbc:)?(mysql|mariadb|mongodb|redis|rediss|sqlite|sqlserver|mssql|oracle|http|https|file|prisma|prisma\+postgres|libsql)(?:\+[a-z]+)?:/i

function readUrl(bare: string): UrlParts {
  const found = FORM.exec(bare)
  const [, scheme = '', login = '', place = '', path, query = ''] = found ?? []
  if (!found || !OURS.test(scheme)) throw refusal(whatInstead(bare))
  const [, user, password] = /^([^:]*)(?::(.*))?$/.exec(login) ?? []
  return toParts({ user, password, database: path, ...splitPlace(place) }, readQuery(query))
}

/** The parts of which each may stand as a parameter too. */
type Named = Record<'user' | 'password' | 'host' | 'port' | 'database', string | undefined>

function toParts(written: Named, { own, named }: { own: Map<string, string>; named: Partial<Named> }): UrlParts {
  refusePlaceholders({ ...written, ...named })
  const decoded = Object.entries(written).map(([name, part]) => [name, decode(part)])
  const parts = { ...(Object.fromEntries(decoded) as Named), ...named }
  const [user, database] = [parts.user || undefined, parts.database || undefined]
  for (const part of [user, database]) if (part !== undefined && !isPlausible(part)) throw refusal('cannot be read')
  return { user, password: parts.password, database, host: hostOf(parts.host), port: portOf(parts.port), parameters: own } // prettier-ignore
}

/** In words that everybody knows: what stands there may be a password. */
function whatInstead(bare: string): string {
  const other = OTHERS.exec(bare)?.[1]
  if (other) return `is one of ${other.toLowerCase()} and not of PostgreSQL`
  if (/^(PGPASSWORD=\S*\s+)?psql\s/.test(bare)) return 'is a psql command without a URL'
  if (/^(server|host|data source|user id|username|database)\s*=[^;]*;/i.test(bare))
    return 'is a connection string of .NET'
  return 'cannot be read'
}

const BARE_PERCENT = 'has a % that does not begin an escape (write %25 for it)'

function decode(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part)
  } catch {
    throw refusal(BARE_PERCENT) // without its cause, which would quote the part
  }
}

function splitPlace(place: string): { host: string | undefined; port: string | undefined } {
  if (place.includes(',')) throw severalHosts()
  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(place) ?? []
  if (host === undefined) throw refusal('has a host that cannot be read', 'An IPv6 address stands in brackets.')
  return { host: host || undefined, port: port || undefined }
}

function severalHosts(): ConfigFailure {
  return refusal('names several hosts', 'Name the one that takes writes, or the name that always leads to it.')
}

const NAME = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]{0,251}[\p{L}\p{N}_.])?$/u

function hostOf(host: string | undefined): string | undefined {
  const bare = host?.replace(/^\[(.*)\]$/, '$1') || undefined
  if (bare === undefined) return undefined
  if (bare.includes(',')) throw severalHosts()
  if (bare.startsWith('/') ? !isPlausible(bare) : !NAME.test(bare) && isIP(bare) === 0) {
    throw refusal('has a host that cannot be read')
  }
  return bare
}

function portOf(port: string | undefined): number | undefined {
  if (port === undefined || port === '') return undefined
  if (port.includes(',')) throw severalHosts()
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535
  if (!isPort) throw refusal('has a port that is not a number from 1 to 65535')
  return Number(port)
}

const PART_OF: Readonly<Record<string, keyof Named>> = {
  user: 'user',
  password: 'password',
  host: 'host',
  port: 'port',
  dbname: 'database',
  database: 'database',
}

/** Parts that stand as parameters win, as with libpq. */
function sort(pairs: Iterable<[name: string, value: string]>): { own: Map<string, string>; named: Partial<Named> } {
  const own = new Map<string, string>()
  const named: Partial<Named> = {}
  for (const [name, value] of pairs) {
    const part = Object.hasOwn(PART_OF, name) ? PART_OF[name] : undefined
    if (part) named[part] = value
    else own.set(name, value)
  }
  return { own, named }
}

function readQuery(query: string): ReturnType<typeof sort> {
  const pairs = query.split('&').filter((pair) => pair !== '')
  return sort(
    pairs.map((pair) => {
      const [, name, value = ''] = /^([a-z_][\w.-]*)(?:=(.*))?$/i.exec(pair) ?? []
      if (name === undefined) throw refusal('has a parameter that cannot be read')
      return [name, decode(value) ?? '']
    }),
  )
}

// libpq's other form. A word that libpq does not know may be the rest of a password with a space in it.
const KEYS =
  /^(host|hostaddr|port|dbname|user|password|passfile|options|application_name|fallback_application_name|service|connect_timeout|client_encoding|target_session_attrs|load_balance_hosts|channel_binding|require_auth|requirepeer|krbsrvname|gss[a-z]+|keepalives[a-z_]*|tcp_user_timeout|replication|ssl[a-z_]*)$/
const PAIR = /([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?:\s+|$)/y

function isPairs(bare: string): boolean {
  const key = /^([a-z_]+)\s*=/.exec(bare)?.[1]
  return key !== undefined && KEYS.test(key) && !/^[a-z_]+\s*=[^\s]*;/.test(bare)
}

function readPairs(bare: string): UrlParts {
  const pairs: [string, string][] = []
  PAIR.lastIndex = 0
  for (let end = 0; end < bare.length; end = PAIR.lastIndex) {
    const [, name, quoted, plain = ''] = PAIR.exec(bare) ?? []
    if (name === undefined || !KEYS.test(name)) {
      throw refusal('cannot be read', 'In the form "host=... user=..." a value with a space stands in single quotes.')
    }
    pairs.push([name, (quoted ?? plain).replace(/\\(.)/gs, '$1')])
  }
  const none = { user: undefined, password: undefined, host: undefined, port: undefined, database: undefined }
  return toParts(none, sort(pairs))
}

/** What a provider's page shows until the real value is put there. */
function refusePlaceholders(parts: Record<string, string | undefined>): void {
  for (const [name, part = ''] of Object.entries(parts)) {
    if (isPlaceholder(part)) {
      throw refusal(`holds a placeholder where its ${name} belongs`, 'Put the real one there, percent-encoded.')
    }
  }
}

/** May it be shown: printable, and no longer than PostgreSQL's names or a path. */
function isPlausible(part: string): boolean {
  return part.length <= 107 && !/[\p{C}\p{Z}]/u.test(part.replaceAll(' ', '-'))
}
