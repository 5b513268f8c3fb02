// A database's URL, read once: what it points at (fit to be shown), what the driver is told, and what of it is secret.

import { describeTls, readTls, type Tls } from './tls.ts'
import { readUrlParts, unwrap, type UrlParts } from './url-forms.ts'
import { sortParameters } from './url-parameters.ts'

export interface DatabaseUrl {
  /** Host, port, database and user, for people: never the password, never the query. */
  readonly shown: string
  readonly host: string
  readonly user: string
  readonly database: string
  /** One form for all: every part percent-encoded, and only those parameters that the server takes. */
  readonly forDriver: string
  readonly ssl: Tls['options']
  /** The sslmode in force and what it means. */
  readonly tls: string
  /** The names of its parameters that mean nothing to us or to the server. */
  readonly leftOut: readonly string[]
  /** Behind a transaction pooler a prepared statement may meet another session. */
  readonly pooled: boolean
}

/** Reads a URL; throws ConfigFailure that says what is wrong with it without quoting it: it holds a password. */
export function parseDatabaseUrl(text: string): DatabaseUrl {
  const parts = readUrlParts(text)
  const { host = 'localhost', port = 5432, user = '' } = parts
  const { settings, leftOut, saysPooled } = sortParameters(parts.parameters, hasPasswordParameter(text))
  const tls = readTls(parts)
  return {
    shown: show(parts),
    host,
    user,
    database: databaseOf(parts),
    forDriver: write(parts, settings),
    ssl: tls.options,
    tls: describeTls(tls),
    leftOut,
    pooled: port === 6543 || host.includes('pooler') || saysPooled,
  }
}

/** `host:port/database as user`: what may be logged of a database URL. */
export function describeUrl(text: string): string {
  if (text === '') return 'this machine' // no URL: the embedded server
  try {
    const parts = readUrlParts(text)
    sortParameters(parts.parameters, hasPasswordParameter(text))
    return show(parts)
  } catch {
    return 'a database URL that cannot be read' // nothing of it may be shown: any part could be the password
  }
}

/** The password of a database URL in whichever form it was pasted, or what may be one where the URL cannot be read: as
 *  written, decoded and encoded. */
export function passwordsIn(text: string): string[] {
  const bare = unwrap(text)
  const login = /^[^/]*:\/\/([^:]*):(.*)@/s.exec(bare)?.[2]
  const named = [...bare.matchAll(/\b(?:ssl|PG)?password\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^&\s;]*))/gi)].map((m) => m[1] ?? m[2]) // prettier-ignore
  const written = [login, ...named].filter((part) => part !== undefined)
  const passwords = [...written, ...passwordsOf(text), ...written.map(decoded)]
  return [...new Set([...passwords, ...passwords.map((part) => encodeURIComponent(part))])].filter((one) => one !== '')
}

function passwordsOf(text: string): string[] {
  try {
    return [readUrlParts(text).password ?? '']
  } catch {
    return [] // unreadable: what stands where a password would is taken as written
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part // a bare %
  }
}

function hasPasswordParameter(text: string): boolean {
  return /[?&]password=/i.test(text)
}

function show(parts: UrlParts): string {
  const { host = 'localhost', port = 5432, user = 'the default user' } = parts
  const place = host.includes(':') && !host.startsWith('/') ? `[${host}]` : host
  return `${place}:${port}/${databaseOf(parts)} as ${user}`
}

// Without a database, PostgreSQL takes the one named like the user.
function databaseOf({ database, user = '' }: UrlParts): string {
  return database ?? user
}

function write(parts: UrlParts, settings: Readonly<Record<string, string>>): string {
  const { host = 'localhost', port = 5432, user = '', password } = parts
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`
  const login = user === '' && secret === '' ? '' : `${encodeURIComponent(user)}${secret}@`
  const place = host.includes(':') && !host.startsWith('/') ? `[${host}]` : encodeURIComponent(host)
  const query = new URLSearchParams(settings).toString().replaceAll('+', '%20')
  const address = `postgres://${login}${place}:${port}/${encodeURIComponent(databaseOf(parts))}`
  return query === '' ? address : `${address}?${query}`
}
