// Sorts the parameters of a database URL: those that are understood, those that travel to the server, and those that are left out: other drivers' own,
// and settings that would change what our statements mean. The server would refuse the connection for most of them.

import { refusal, type UrlParts } from './url-forms.ts'

export interface Parameters {
  /** For the server, at the start of a connection. */
  readonly settings: Readonly<Record<string, string>>
  /** Names of what was neither understood nor sent. */
  readonly leftOut: readonly string[]
  /** The URL says that a pooler stands between. */
  readonly saysPooled: boolean
}

// `options` carries Neon's endpoint and CockroachDB's cluster.
const FOR_THE_SERVER = ['application_name', 'options', 'search_path']
// TLS's own are read in tls.ts; libpq's meaning of sslmode is the only one here.
const UNDERSTOOD = ['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', 'sslaccept', 'uselibpqcompat', 'pgbouncer', 'pool_mode', 'statement_cache_size', 'prepared_statements', 'prepareThreshold'] // prettier-ignore
/** What these say we do anyway. */
const HELD_ANYWAY: Readonly<Record<string, RegExp>> = {
  client_encoding: /^(utf-?8|auto)$/i,
  encoding: /^utf-?8$/i,
  gssencmode: /^(disable|prefer)$/,
  target_session_attrs: /^(any|read-write|primary)$/,
  channel_binding: /^(disable|prefer)$/,
  sslnegotiation: /^postgres$/,
}
const SAYS_POOLED: Readonly<Record<string, RegExp>> = {
  pgbouncer: /^(true|1)$/i,
  pool_mode: /^(transaction|statement)$/i,
  statement_cache_size: /^0$/,
  prepared_statements: /^false$/i,
  prepareThreshold: /^0$/,
}
// Of node-postgres, Prisma, SQLAlchemy, JDBC, Rails, pgx, libpq and providers: names that are surely no part of a password.
const KNOWN =
  /^(supa|schema|currentSchema|connection_limit|(pool|socket|connect|login|cancel_?signal|statement|lock|idle|query|command|tcp_user)_?timeout|connectTimeout|socketTimeout|loginTimeout|pool|pool_[a-z_]+|max_[a-z_]+|min_[a-z_]+|keep_?alives?(_[a-z]+)?|tcpKeepAlive|ssl[a-zA-Z_]+|gss[a-z]+|krbsrvname|hostaddr|passfile|service|fallback_application_name|ApplicationName|timezone|TimeZone|DateStyle|replication|require_auth|requirepeer|load_balance_hosts|binary_parameters|reWriteBatchedInserts|prepared_statement_cache_size|prepared_statement_name_func|statement_cache_capacity|default_query_exec_mode|server_settings|workaround|[a-z]+_timeout|idle_in_transaction_session_timeout)$/

/** Sorts the parameters. `passwordAmongThem`: the password is a parameter too, so that an unknown one may be its rest. */
export function sortParameters(parameters: UrlParts['parameters'], passwordAmongThem: boolean): Parameters {
  const all = [...parameters]
  const says = (table: Readonly<Record<string, RegExp>>, [name, value]: [string, string]): boolean =>
    Object.hasOwn(table, name) && table[name]!.test(value)
  const leftOut = all
    .filter(([name]) => !FOR_THE_SERVER.includes(name) && !UNDERSTOOD.includes(name))
    .filter((parameter) => !says(HELD_ANYWAY, parameter))
    .map(([name]) => name)
  if (passwordAmongThem && !leftOut.every((name) => KNOWN.test(name) || Object.hasOwn(HELD_ANYWAY, name))) {
    throw refusal('has a parameter beside its password that nobody knows')
  }
  return {
    settings: Object.fromEntries(all.filter(([name]) => FOR_THE_SERVER.includes(name))),
    leftOut: leftOut.sort(),
    saysPooled: all.some((parameter) => says(SAYS_POOLED, parameter)),
  }
}
