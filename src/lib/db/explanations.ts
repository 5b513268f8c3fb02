// Explains each code of a server, a pooler, the driver or the network means, as data: what happened, what to do next, and whether
// it is final. What is final is listed in core/finality.ts; everything else may be temporary, whether or not it has a sentence of its own here.

import { isFinalCode, isWrongCall } from '../../core/finality.ts'

/** What an error means: `away` passes by itself, `config` is a person's to mend, `final` is our own statement's fault. */
export interface Explanation {
  /** Completes "the database at ... ". */
  readonly happened: string
  readonly next: string
  readonly kind: 'config' | 'away' | 'final'
  /** Do the server's own words add something: a table, a right, what a pooler found? */
  readonly quotes?: boolean
}

const RETRY = 'A retry connects again.'
const AGAIN = 'It may be temporary: a retry may work.'
const SPACE = 'Free or add some, then run again.'
const NETWORK = 'Check the network and the host in DATABASE_URL.'
const FIREWALL = 'Check that it runs and that its firewall admits this machine.'
const PLAIN = 'Only on a network that you trust, sslmode=disable in DATABASE_URL goes without encryption.'
const UNNAMED = away(
  'has no address just now: the name service did not answer',
  'Check the network; it may be temporary.',
)
const CLOSED = away('closed the connection', RETRY)
const UNREACHABLE = away('cannot be reached', NETWORK)
const FULL = away('has no connection left', 'Close other clients, raise max_connections, or use a pooler.')
const LOCKED = away('did not give a lock in time', 'Another session holds it; a retry waits for it again.')

/** By code, of the network, the driver and the server. */
const BY_CODE: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: away('refused the connection', 'Check that it runs, and its host and port in DATABASE_URL.'),
  ENOTFOUND: config(
    'has no address: its host name is unknown',
    "Check the host in DATABASE_URL. Where only IPv6 leads to it, use its pooler: GitHub's runners have IPv4 only.",
  ),
  EAI_AGAIN: UNNAMED,
  EAI_FAIL: UNNAMED,
  ETIMEDOUT: away('did not answer in time', FIREWALL),
  CONNECT_TIMEOUT: away('did not answer in time', FIREWALL),
  EHOSTUNREACH: UNREACHABLE,
  EHOSTDOWN: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENETDOWN: away('cannot be reached: the network is down', AGAIN),
  EADDRNOTAVAIL: away('cannot be reached: this machine has no free port or no address for it', AGAIN),
  EAFNOSUPPORT: UNREACHABLE,
  ENOENT: away('has no socket there', 'Check that it runs, and the path in DATABASE_URL.'),
  EACCES: config('may not be reached from this process', 'Check the rights on its socket, and the firewall.'),
  EPERM: config('may not be reached from this process', 'Check the rights on its socket, and the firewall.'),
  EMFILE: away('was not reached: this process has too many files open', AGAIN),
  ENFILE: away('was not reached: this machine has too many files open', AGAIN),
  ENOBUFS: away('was not reached: this machine has no memory for it', AGAIN),
  ENOMEM: away('was not reached: this machine has no memory for it', AGAIN),
  DEADLINE: away('took a statement and never answered', 'The connection was given up; a retry makes a new one.'),
  ECONNRESET: CLOSED,
  ECONNABORTED: CLOSED,
  ENOTCONN: CLOSED,
  EPIPE: CLOSED,
  CONNECTION_CLOSED: CLOSED,
  CONNECTION_GARBLED: away('answered as no PostgreSQL server does', 'Check the host and the port in DATABASE_URL, and what stands between.'), // prettier-ignore
  NO_FREE_CONNECTION: away('kept every connection of this process busy', 'The statements before it were slow; a retry may work.'), // prettier-ignore
  CONNECTION_ENDED: away('was closed by this program before the statement', RETRY),
  CONNECTION_DESTROYED: away('was closed before it answered', RETRY),
  EPROTO: away('broke off the encrypted connection', `A retry may work. ${PLAIN}`, true),
  TLS_REFUSED: config('offers no encryption, and the connection needs it', PLAIN),
  SASL_SIGNATURE_MISMATCH: config('could not prove that it knows the password', 'Check the host in DATABASE_URL: another server may answer there.'), // prettier-ignore
  '28P01': config('refused the password', 'Set DATABASE_URL with the right one, percent-encoded where it has special signs.'), // prettier-ignore
  '28000': config('refused the user', 'Check the user in DATABASE_URL, and whether the server admits it from here.', true), // prettier-ignore
  '3D000': config('does not exist on that server', 'Create it, or correct the name after the last / in DATABASE_URL.'),
  '42501': config('denied a right that is needed', 'Grant it to the user, or use the owner of the schema in DATABASE_URL.', true), // prettier-ignore
  '25006': away('is read-only just now', 'If it stays so, point DATABASE_URL at the primary, not at a replica.'),
  '25P03': away('ended a transaction that was idle for too long', RETRY),
  '25P04': away('ended a transaction that took too long', 'Look for a lock or a missing index.'),
  '53000': away('is short of something', AGAIN, true),
  '53100': away('has no disk space left', SPACE),
  '53200': away('has no memory left', AGAIN),
  '53300': FULL,
  '53400': away('has reached a limit of its configuration', AGAIN, true),
  '55P03': LOCKED,
  '57014': away('cancelled a statement', 'It took too long or was stopped: look for a lock or a missing index.'),
  '57P01': away('was shut down by its administrator', 'A retry connects again once it is back.'),
  '57P02': away('crashed and restarts', 'A retry connects again once it is back.'),
  '57P03': away('is starting or stopping', 'A retry connects again once it is ready.'),
  '57P04': config('was dropped while it was in use', 'Create it again, then run ops-setup.'),
  '57P05': away('ended a session that was idle for too long', RETRY),
  '58000': away('had an error of its system', AGAIN, true),
  '58030': away('could not read or write its files', AGAIN, true),
  '40001': away('could not serialise a transaction', 'A retry of the transaction settles it.'),
  '40003': away('does not know whether a statement was completed', 'A retry looks again.'),
  '40P01': away('ended a deadlock', 'A retry of the transaction settles it.'),
  '26000': away('does not know a prepared statement', 'A pooler gave it another session; a retry prepares it again.'),
  '42P05': away(
    'has a prepared statement of that name',
    'A pooler gave it another session; a retry prepares it again.',
  ),
}

/** By the first two characters of PostgreSQL's codes. */
const BY_CLASS: Readonly<Record<string, Explanation>> = {
  '08': away('lost the connection', RETRY, true),
  '0A': away('does not support a statement just now', 'A pooler or a replica may say so; a retry may meet another.', true), // prettier-ignore
  '22': final('refused a value', 'Correct the value or the statement: the same one is always refused.'),
  '23': final('refused a row that breaks a rule', 'Correct the row or the statement: the same one is always refused.'),
  '25': away('was in another state of the transaction than the statement needs', RETRY, true),
  '28': config('refused the login', 'Check user and password in DATABASE_URL.', true),
  '40': away('rolled a transaction back', 'A retry of the transaction settles it.', true),
  '42': final('refused a statement', 'Correct the statement, or run ops-setup if the database is older than the code.'),
  '53': away('is short of something', AGAIN, true),
  '55': away('was not in a state for a statement', AGAIN, true),
  '57': away('was told to stop a statement', AGAIN, true),
  '58': away('had an error of its system', AGAIN, true),
}

/** Poolers say what matters in words, under codes that mean something else: 08P01, XX000, 28000, 58000 and others. */
const BY_WORDS: readonly (readonly [RegExp, Explanation])[] = [
  [/max[ _-]?clients?|no more connections|too many (clients|connections)|connection slots|EMAXCONN|pool_size|query_wait_timeout|could not get connection/i, { ...FULL, quotes: true }], // prettier-ignore
  [/tenant(\/| or )user.*not found|unknown tenant/i, config('is unknown to its pooler', 'Check the user (at Supabase: postgres.PROJECT) and the host in DATABASE_URL, and whether the project is paused.', true)], // prettier-ignore
  [/endpoint id is not specified|inconsistent project name/i, config('needs the name of its endpoint', 'Add options=endpoint%3D and the first part of the host name to DATABASE_URL.', true)], // prettier-ignore
  [/quota|(project|database|endpoint|service) (is|has been) (paused|suspended|disabled|deleted)/i, config('is switched off by its provider', "Look at the provider's console.", true)], // prettier-ignore
  [/no encryption|SSL off|(SSL|TLS)( connection)? (is )?required|requires? (SSL|TLS)|insecure connection/i, config('wants an encrypted connection', 'Set sslmode=require in DATABASE_URL.', true)], // prettier-ignore
  [/no such (user|database)|no pool configured|no pg_hba.conf entry|password authentication failed|authentication (failed|error)|SASL/i, config('refused the login', 'Check user, password and database in DATABASE_URL.', true)], // prettier-ignore
  [
    /startup parameter/i,
    config('has a pooler that refuses a parameter', 'Take the parameter out of DATABASE_URL.', true),
  ],
]

/** Of a host that has no other address. */
export const IPV6_ONLY = config(
  'has an IPv6 address only, and this machine has no way there',
  "Use its pooler's URL in DATABASE_URL (at Supabase: Connect, Session pooler): GitHub's runners have IPv4 only.",
)

const GENERIC: Explanation = away('had a trouble of its own', AGAIN, true)
const WRONG_CALL = final('was called wrongly by this program', 'This is a fault in the program: report it.')
const CERTIFICATE = config('showed a certificate that cannot be trusted', `Give its authority as sslrootcert in DATABASE_URL. ${PLAIN}`, true) // prettier-ignore
const TLS = config('and this machine could not agree on an encrypted connection', PLAIN, true)
// By a server's own code these are clear; its words would only be guessed at.
const OWN_MEANING = /^(57|40|25)|^[A-Z_]{4,}$|^28P01$|^3D000$/

/** The meaning of a code, with the words that came with it. Never undefined: what nobody foresaw may be temporary. */
export function explanationOf(code: string, said: string): Explanation {
  if (isWrongCall(code)) return WRONG_CALL
  const known = BY_CODE[code] ?? ofTls(code)
  if (isFinalCode(code)) return BY_CLASS[code.slice(0, 2)] ?? GENERIC
  if (known && OWN_MEANING.test(code)) return known
  const meant = code === '42501' ? undefined : BY_WORDS.find(([words]) => words.test(said))?.[1]
  return meant ?? known ?? BY_CLASS[code.slice(0, 2)] ?? GENERIC
}

function ofTls(code: string): Explanation | undefined {
  if (/CERT|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|CRL|PATH_LENGTH|INVALID_(CA|PURPOSE)/.test(code)) return CERTIFICATE
  return /^ERR_(SSL|TLS|OSSL)/.test(code) ? TLS : undefined
}

function away(happened: string, next: string, quotes = false): Explanation {
  return { happened, next, kind: 'away', quotes }
}

function config(happened: string, next: string, quotes = false): Explanation {
  return { happened, next, kind: 'config', quotes }
}

function final(happened: string, next: string): Explanation {
  return { happened, next, kind: 'final', quotes: true }
}
