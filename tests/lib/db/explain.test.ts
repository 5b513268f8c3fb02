// What a database, a pooler, the driver or the network says in passing ends nothing: only what is listed as final does.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { ConfigFailure, LedgerFailure, toErrorRecord } from '../../../src/core/errors.ts'
import { explainDatabaseError, isFromDatabase } from '../../../src/lib/db/explain.ts'
import { aDatabaseForThisFile } from '../../helpers/database.ts'

const URL_OF_ANN = 'postgres://ann:s3cr3t@127.0.0.1:5432/league'
const { sql } = await aDatabaseForThisFile({ empty: true })

// PostgreSQL's manual, appendix A: every code of an error, a line a class.
const APPENDIX_A = `
  03000
  08000 08003 08006 08001 08004 08007 08P01
  09000
  0A000
  0B000
  0F000 0F001
  0L000 0LP01
  0P000
  0Z000 0Z002
  10608
  20000
  21000
  22000 2202E 22021 22008 22012 22005 2200B 22022 22015 2201E 22014 22016 2201F 2201G 22018 22007 22019 2200D
    22025 22P06 22010 22023 22013 2201B 2201W 2201X 2202H 2202G 22009 2200C 2200G 22004 22002 22003 2200H 22026
    22001 22011 22027 22024 2200F 22P01 22P02 22P03 22P04 22P05 2200L 2200M 2200N 2200S 2200T 22030 22031 22032
    22033 22034 22035 22036 22037 22038 22039 2203A 2203B 2203C 2203D 2203E 2203F 2203G
  23000 23001 23502 23503 23505 23514 23P01
  24000
  25000 25001 25002 25008 25003 25004 25005 25006 25007 25P01 25P02 25P03 25P04
  26000
  27000
  28000 28P01
  2B000 2BP01
  2D000
  2F000 2F005 2F002 2F003 2F004
  34000
  38000 38001 38002 38003 38004
  39000 39001 39004 39P01 39P02 39P03
  3B000 3B001
  3D000
  3F000
  40000 40002 40001 40003 40P01
  42000 42601 42501 42846 42803 42P20 42P19 42830 42602 42622 42939 42804 42P18 42P21 42P22 42809 428C9 42703
    42883 42P01 42P02 42704 42701 42P03 42P04 42723 42P05 42P06 42P07 42712 42710 42702 42725 42P08 42P09 42P10
    42611 42P11 42P12 42P13 42P14 42P15 42P16 42P17
  44000
  53000 53100 53200 53300 53400
  54000 54001 54011 54023
  55000 55006 55P02 55P03 55P04
  57000 57014 57P01 57P02 57P03 57P04 57P05
  58000 58030 58P01 58P02 58P03
  F0000 F0001
  HV000 HV005 HV002 HV010 HV021 HV024 HV007 HV008 HV004 HV006 HV091 HV00B HV00C HV00D HV090 HV00A HV009 HV014
    HV001 HV00P HV00J HV00K HV00Q HV00R HV00L HV00M HV00N
  P0000 P0001 P0002 P0003 P0004
  XX000 XX001 XX002
`
  .trim()
  .split(/\s+/)

function isFinalByTheRule(code: string): boolean {
  return ['22', '23', '42'].includes(code.slice(0, 2)) && code !== '42P05' && code !== '42501'
}

async function raised(code: string, words = 'words of the server'): Promise<unknown> {
  const text = `do $$ begin raise exception '${words}' using errcode = '${code}', detail = 'kumquat'; end $$`
  return await sql.unsafe(text).then(
    () => assert.fail(`${code} was not raised`),
    (error: unknown) => error,
  )
}

function thrown(code: string, more: object = {}): Error {
  return Object.assign(new Error(`it said ${code}`), { code, ...more })
}

test("of all of PostgreSQL's codes only those of classes 22, 23 and 42 are final, 42P05 and 42501 not among them", async () => {
  for (const code of APPENDIX_A) {
    const error = await raised(code)
    const failure = explainDatabaseError(error, URL_OF_ANN)

    assert.ok(isFromDatabase(error), code)
    assert.equal(failure.retryable, !isFinalByTheRule(code), code)
    assert.match(failure.message, /^the database at 127\.0\.0\.1:5432\/league as ann \S.*\. \S.*\.$/, code)
    assert.ok(!JSON.stringify([toErrorRecord(failure), failure.cause]).includes('kumquat'), code)
  }
})

test('a code that nobody has foreseen may be temporary, whoever says it', () => {
  const anyCode = fc.stringMatching(/^[A-Z0-9_]{3,20}$/).filter((code) => !/^(22|23|42)...$/.test(code))
  const ours = ['UNDEFINED_VALUE', 'NOT_TAGGED_CALL', 'MAX_PARAMETERS_EXCEEDED', 'UNSAFE_TRANSACTION']
  fc.assert(
    fc.property(
      anyCode.filter((code) => !ours.includes(code)),
      fc.string(),
      (code, said) =>
        explainDatabaseError(Object.assign(new Error(said), { code }), URL_OF_ANN).retryable ===
        !isFinalByTheRule(code),
    ),
    { numRuns: 2000 },
  )
})

const NETWORK =
  'ECONNREFUSED ENOTFOUND EAI_AGAIN EAI_FAIL ETIMEDOUT EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN EADDRNOTAVAIL ECONNRESET ECONNABORTED EPIPE EPROTO'
const DRIVER =
  'CONNECT_TIMEOUT CONNECTION_CLOSED CONNECTION_ENDED CONNECTION_DESTROYED CONNECTION_GARBLED DEADLINE TLS_REFUSED SASL_SIGNATURE_MISMATCH'
const TLS =
  'ERR_SSL_WRONG_VERSION_NUMBER ERR_TLS_CERT_ALTNAME_INVALID CERT_HAS_EXPIRED SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE DEPTH_ZERO_SELF_SIGNED_CERT'

test('the network, the driver and TLS are recognised by their codes, and never final', () => {
  for (const code of `${NETWORK} ${DRIVER} ${TLS}`.split(' ')) {
    const failure = explainDatabaseError(thrown(code), URL_OF_ANN)

    assert.ok(isFromDatabase(thrown(code)), code)
    assert.equal(failure.retryable, true, code)
    assert.doesNotMatch(failure.message, /trouble of its own/, code)
  }
  for (const code of ['ENOENT', 'EMFILE', 'EACCES']) assert.ok(isFromDatabase(thrown(code, { syscall: 'connect' })))
})

test('files, fetches and our own faults are not taken for the database', () => {
  const others = [
    thrown('ENOENT', { syscall: 'open' }),
    thrown('ENOSPC', { syscall: 'write' }),
    thrown('E2BIG'),
    thrown('UND_ERR_SOCKET'),
    new TypeError('fetch failed', { cause: thrown('ECONNREFUSED') }),
    new TypeError('x is not a function'),
    'a text',
    undefined,
    null,
  ]
  for (const other of others) assert.equal(isFromDatabase(other), false, String(other))
})

test('both addresses of a host that refuse are one refusal', () => {
  const both = new AggregateError([thrown('ECONNREFUSED'), thrown('ECONNREFUSED')])

  assert.ok(isFromDatabase(both))
  assert.match(explainDatabaseError(both, URL_OF_ANN).message, /refused the connection/)
})

test('what a person mends is a ConfigFailure and never final', async () => {
  for (const code of ['42501', '28000', '28P01', '3D000', 'TLS_REFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED']) {
    const failure = explainDatabaseError(code.length === 5 ? await raised(code) : thrown(code), URL_OF_ANN)

    assert.ok(failure instanceof ConfigFailure, code)
    assert.equal(failure.retryable, true, code)
  }
})

// As PgBouncer, Supavisor, Neon's proxy, RDS Proxy and pgcat say it, under whichever code.
const POOLERS: readonly (readonly [string, string, RegExp])[] = [
  ['XX000', 'max clients reached - in Session mode max clients are limited to pool_size', /no connection left: max/],
  ['08P01', 'no more connections allowed (max_client_conn)', /no connection left/],
  ['08P01', 'query_wait_timeout', /no connection left/],
  ['53300', 'remaining connection slots are reserved for roles with the SUPERUSER attribute', /no connection left/],
  ['XX000', 'Tenant or user not found', /unknown to its pooler.*postgres\.PROJECT/],
  ['XX000', 'Your project has exceeded the compute time quota', /switched off by its provider/],
  ['08P01', 'Endpoint ID is not specified', /options=endpoint%3D/],
  ['08P01', 'unsupported startup parameter: statement_timeout', /pooler that refuses a parameter/],
  ['28000', 'no pg_hba.conf entry for host, user, database, no encryption', /wants an encrypted connection.*sslmode=require/], // prettier-ignore
  ['28000', 'no pg_hba.conf entry for host, user, database, SSL encryption', /refused the user|refused the login/],
  ['08P01', 'server conn crashed?', /lost the connection: server conn crashed/],
  ['XX000', 'a thing that no code foresees', /trouble of its own: a thing that no code foresees\. It may be temporary/],
]

test('what poolers say in words is understood under whichever code it comes', async () => {
  for (const [code, words, told] of POOLERS) {
    const failure = explainDatabaseError(await raised(code, words), URL_OF_ANN)

    assert.match(failure.message, told)
    assert.equal(failure.retryable, true, words)
  }
})

test('a value that the server refuses is not told', async () => {
  const error: unknown = await sql`select ${'a provider’s row'}::text::int`.catch((refused: unknown) => refused)
  const failure = explainDatabaseError(error, URL_OF_ANN)

  assert.ok(failure instanceof LedgerFailure)
  assert.match(failure.message, /refused a value: invalid input syntax for type integer: "\*\*\*"\. Correct the value/)
  assert.ok(!JSON.stringify([toErrorRecord(failure), failure.cause]).includes('provider'))
})

test("a fault of the program is told as one and not as the database's", () => {
  const failure = explainDatabaseError(new TypeError('x is not a function'), URL_OF_ANN)

  assert.equal(failure.retryable, false)
  assert.match(failure.message, /the program failed while it used the database: x is not a function/)
})

const OVER_IPV6 = { syscall: 'connect', address: '2001:db8::1' }

test('a host that only IPv6 leads to is named as such, with its pooler as the remedy', () => {
  const direct = 'postgres://postgres@db.abcdefghijklmnopqrst.supabase.co:5432/postgres'
  const unreached = [thrown('ENETUNREACH', OVER_IPV6), thrown('EHOSTUNREACH', OVER_IPV6)]
  for (const error of [...unreached, new AggregateError(unreached), thrown('ENOTFOUND')]) {
    const failure = explainDatabaseError(error, direct)

    assert.match(failure.message, /has an IPv6 address only, .*Use its pooler's URL/)
    assert.equal(failure.retryable, true)
  }
  const both = new AggregateError([thrown('ENETUNREACH', OVER_IPV6), thrown('ETIMEDOUT', { address: '192.0.2.1' })])
  for (const error of [both, thrown('ENETUNREACH', { address: '192.0.2.1' })])
    assert.doesNotMatch(explainDatabaseError(error, direct).message, /IPv6 address only/)
})
