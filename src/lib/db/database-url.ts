// A database's URL, read once: what it points at (fit to be shown), and what the driver is told.

import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'

import { ConfigFailure } from '../../core/errors.ts'

/** As libpq's users expect: `require` encrypts without looking at the certificate; `no-verify` is node-postgres's word
 *  for the same. */
export type SslMode = 'disable' | 'prefer' | 'require' | 'no-verify' | 'verify-ca' | 'verify-full'

export interface DatabaseUrl {
  /** Host, port, database and user, for people: never the password, never the query. */
  readonly shown: string
  readonly user: string
  readonly database: string
  /** Without the parameters that are ours or TLS's: the driver would send them to the server as settings. */
  readonly forDriver: string
  readonly ssl: false | 'prefer' | ConnectionOptions
  /** Behind a transaction pooler a prepared statement may meet another session. */
  readonly pooled: boolean
}

const SSL_MODES: readonly string[] = ['disable', 'prefer', 'require', 'no-verify', 'verify-ca', 'verify-full']
// Of libpq and of other drivers; the server knows none of them and refuses the connection.
const NOT_FOR_THE_SERVER = ['sslmode', 'sslrootcert', 'ssl', 'pgbouncer', 'connection_limit', 'pool_timeout', 'schema', 'channel_binding', 'gssencmode'] // prettier-ignore

/** Reads a URL; throws ConfigFailure that says what is wrong with it without quoting it: it holds a password. */
export function parseDatabaseUrl(text: string): DatabaseUrl {
  const url = parseUrl(text)
  const forDriver = new URL(url)
  for (const name of NOT_FOR_THE_SERVER) forDriver.searchParams.delete(name)
  return {
    shown: show(url),
    user: decodeURIComponent(url.username),
    database: databaseOf(url),
    forDriver: forDriver.href,
    ssl: tlsOf(url),
    pooled: url.port === '6543' || url.hostname.includes('pooler') || url.searchParams.get('pgbouncer') === 'true',
  }
}

/** `host:port/database as user`: what may be logged of a database URL. */
export function describeUrl(text: string): string {
  try {
    return show(parseUrl(text))
  } catch {
    return 'a database URL that cannot be read' // nothing of it may be shown: any part could be the password
  }
}

function parseUrl(text: string): URL {
  const trimmed = text.trim()
  if (trimmed === '') {
    throw new ConfigFailure(
      'the database URL is empty: set DATABASE_URL to postgres://USER:PASSWORD@HOST:5432/DATABASE',
    )
  }
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol) || !canDecode(url)) {
    const found = url && !url.protocol.startsWith('postgres') ? `it starts with "${url.protocol}"` : 'it cannot be read'
    throw new ConfigFailure(
      `the database URL is not a PostgreSQL URL (${found}): expected postgres://USER:PASSWORD@HOST:5432/DATABASE. ` +
        'Signs such as @ : / # % in the password must be percent-encoded.',
    )
  }
  return url
}

function canDecode(url: URL): boolean {
  try {
    decodeURIComponent(url.username + url.password + url.pathname)
    return true
  } catch {
    return false // a bare % in the password
  }
}

function show(url: URL): string {
  const host = `${url.hostname || 'localhost'}:${url.port || '5432'}`
  return `${host}/${databaseOf(url)} as ${decodeURIComponent(url.username) || 'the default user'}`
}

// Without a database, PostgreSQL takes the one named like the user.
function databaseOf(url: URL): string {
  return decodeURIComponent(url.pathname.slice(1)) || decodeURIComponent(url.username)
}

function tlsOf(url: URL): DatabaseUrl['ssl'] {
  const rootCertificate = url.searchParams.get('sslrootcert')
  const mode = sslModeOf(url, rootCertificate)
  if (mode === 'disable') return false
  if (mode === 'prefer') return 'prefer'
  if (mode === 'no-verify' || mode === 'require') return { rejectUnauthorized: false }
  const ca = rootCertificate && rootCertificate !== 'system' ? { ca: readCertificate(rootCertificate) } : {}
  // verify-ca trusts the issuer whatever host name the certificate carries.
  return { ...ca, rejectUnauthorized: true, ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}) }
}

function sslModeOf(url: URL, rootCertificate: string | null): SslMode {
  const ssl = url.searchParams.get('ssl')
  const asked = url.searchParams.get('sslmode') ?? (ssl === 'true' ? 'require' : ssl === 'false' ? 'disable' : ssl)
  const mode = asked ?? (rootCertificate ? 'verify-full' : 'disable')
  if (mode === 'allow') return 'prefer'
  if (SSL_MODES.includes(mode)) return mode as SslMode
  throw new ConfigFailure(`the database URL says sslmode=${mode}: expected one of ${SSL_MODES.join(', ')}`)
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new ConfigFailure(`the certificate ${path}, named as sslrootcert in the database URL, cannot be read`, {
      cause,
    })
  }
}
