// Decides how the way to a database is encrypted: what its URL says wins; otherwise a public name must be reached encrypted, and a
// private one is where it can. The words are libpq's.

import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'

import { refusal, type UrlParts } from './url-forms.ts'

/** As libpq's users expect: `require` encrypts without looking at the certificate, unless an authority is given. */
export type SslMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'

export interface Tls {
  readonly mode: SslMode
  /** Does the URL say so, or is it the default for such a host? */
  readonly by: 'the URL' | 'default'
  readonly options: false | 'prefer' | ConnectionOptions
}

const MODES: readonly string[] = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full']
// node-postgres's word, libpq's weakest, and what other drivers write into `ssl`.
const SAME_AS: Readonly<Record<string, SslMode>> = {
  'no-verify': 'require',
  allow: 'prefer',
  true: 'require',
  1: 'require',
  '': 'require',
  false: 'disable',
  0: 'disable',
  '{"rejectUnauthorized":false}': 'require',
}

/** Reads the mode, the certificates and the key; throws ConfigFailure. */
export function readTls({ host, parameters }: UrlParts): Tls {
  // libpq never encrypts the way over a socket, whatever is asked.
  if (host?.startsWith('/')) return { mode: 'disable', by: 'default', options: false }
  const { mode, by } = modeOf(host ?? 'localhost', parameters)
  if (mode === 'disable') return { mode, by, options: false }
  if (mode === 'prefer') return { mode, by, options: 'prefer' }
  const trust = trustOf(mode, host ?? 'localhost', parameters)
  return { mode, by, options: { ...ownCertificate(parameters), ...trust } }
}

function modeOf(host: string, parameters: UrlParts['parameters']): Pick<Tls, 'mode' | 'by'> {
  const asked = parameters.get('sslmode') ?? parameters.get('ssl')
  const root = parameters.get('sslrootcert')
  const mode = asked === undefined ? undefined : (SAME_AS[asked.replaceAll(' ', '')] ?? asked)
  if (mode !== undefined && !MODES.includes(mode)) {
    throw refusal(`has an sslmode that is none of ${MODES.join(', ')}`, 'Correct it, or leave it out.')
  }
  const by = 'the URL'
  if (mode === 'disable') return { mode, by }
  // As libpq: the system's authorities vouch for anybody's host, so the name has to be right as well.
  if (root === 'system' || parameters.get('sslaccept') === 'strict') return { mode: 'verify-full', by }
  if (root)
    return { mode: mode === undefined ? 'verify-full' : mode === 'require' ? 'verify-ca' : (mode as SslMode), by }
  if (mode !== undefined) return { mode: mode as SslMode, by }
  // Whoever gives a certificate of his own wants it to be shown.
  return { mode: isPrivate(host) && !parameters.has('sslcert') ? 'prefer' : 'require', by: 'default' }
}

function trustOf(mode: SslMode, host: string, parameters: UrlParts['parameters']): ConnectionOptions {
  if (mode === 'require') return { rejectUnauthorized: false }
  const root = parameters.get('sslrootcert')
  const ca = root && root !== 'system' ? { ca: read(root, 'sslrootcert') } : {}
  // verify-ca trusts the authority, whatever host the certificate names; node would compare an address with "localhost".
  const identity = mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : isIP(host) ? { host } : {}
  return { ...ca, ...identity, rejectUnauthorized: true }
}

function ownCertificate(parameters: UrlParts['parameters']): ConnectionOptions | undefined {
  const [cert, key] = [parameters.get('sslcert'), parameters.get('sslkey')]
  if (!cert && !key) return undefined
  if (!cert || !key) throw refusal('has only one of sslcert and sslkey', 'A certificate of our own needs its key.')
  return { cert: read(cert, 'sslcert'), key: read(key, 'sslkey') }
}

function read(path: string, parameter: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw refusal(`names a file as ${parameter} that cannot be read (${code})`, 'Its path counts from the project.')
  }
}

const PRIVATE_NAME = /^localhost$|\.(localhost|local|internal|flycast|lan|home\.arpa)\.?$/i
const PRIVATE_4 =
  /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|0\.0\.0\.0$)/

/** Does nobody but its own network reach it: loopback, private addresses, names without a dot? */
function isPrivate(host: string): boolean {
  if (isIP(host) === 4) return PRIVATE_4.test(host)
  if (isIP(host) === 6) {
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1]
    return mapped ? PRIVATE_4.test(mapped) : /^(::1?$|f[cd]|fe[89ab])/i.test(host)
  }
  return !host.includes('.') || PRIVATE_NAME.test(host)
}

const MEANS: Record<SslMode, string> = {
  disable: 'nothing is encrypted',
  prefer: 'encrypted where the server can, and the certificate is not checked',
  require: 'encrypted, and the certificate is not checked',
  'verify-ca': "encrypted, and the certificate's authority is checked",
  'verify-full': 'encrypted, and the certificate is checked with the host name in it',
}

/** The mode in force and what it means, for ops-setup. */
export function describeTls({ mode, by }: Pick<Tls, 'mode' | 'by'>): string {
  return `sslmode=${mode}, by ${by}: ${MEANS[mode]}`
}
