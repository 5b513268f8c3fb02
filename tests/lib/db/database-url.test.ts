// What is read out of a database URL, and what is never shown of it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { ConfigFailure, toErrorRecord } from '../../../src/core/errors.ts'
import { describeUrl, parseDatabaseUrl, passwordsIn } from '../../../src/lib/db/database-url.ts'
import { createRandom } from '../../../src/lib/random.ts'

const SECRET = 's3cr3t'

test('a URL is shown without its password and its query', () => {
  const shown = describeUrl(`postgres://ann:${SECRET}@db.example:6000/league?sslmode=require&options=${SECRET}`)

  assert.equal(shown, 'db.example:6000/league as ann')
})

test('what cannot be read is not shown at all', () => {
  assert.equal(describeUrl(`postgres://ann:${SECRET}%@db.example/league`), 'a database URL that cannot be read')
  assert.equal(describeUrl(SECRET), 'a database URL that cannot be read')
})

test('without a port, a database or a user the defaults are named', () => {
  assert.equal(describeUrl('postgres://ann@db.example'), 'db.example:5432/ann as ann')
  assert.equal(describeUrl('postgres://db.example/league'), 'db.example:5432/league as the default user')
  assert.equal(describeUrl(''), 'this machine')
})

test('an unusable URL is refused in one sentence that does not quote it', () => {
  const bad = [
    '',
    '  ',
    SECRET,
    `mysql://ann:${SECRET}@db/x`,
    `postgres://ann:${SECRET}#@db/x y:z`,
    `postgres://a:${SECRET}%zz@db/x`,
  ]
  for (const url of bad) {
    assert.throws(
      () => parseDatabaseUrl(url),
      (error: unknown) =>
        error instanceof ConfigFailure && error.message.includes('postgres://USER') && !error.message.includes(SECRET),
      url,
    )
  }
})

test('a pooler is known by its port, its name or its parameter', () => {
  assert.equal(parseDatabaseUrl('postgres://a@db:6543/x').pooled, true)
  assert.equal(parseDatabaseUrl('postgres://a@ep-1-pooler.eu.example/x').pooled, true)
  assert.equal(parseDatabaseUrl('postgres://a@db:5432/x?pgbouncer=true').pooled, true)
  assert.equal(parseDatabaseUrl('postgres://a@db:5432/x').pooled, false)
})

test('parameters that the server does not know are not sent to it', () => {
  const url = 'postgres://a@db/x?pgbouncer=true&sslmode=require&channel_binding=require&search_path=y'

  assert.equal(new URL(parseDatabaseUrl(url).forDriver).search, '?search_path=y')
})

// What providers and other drivers hand out, and what is left out of it by name.
const HANDED_OUT: readonly (readonly [query: string, leftOut: string, pooled?: true])[] = [
  ['sslmode=require&supa=base-pooler.x&pgbouncer=true', 'supa', true],
  ['uselibpqcompat=true&sslmode=require', ''],
  ['schema=public&connection_limit=1&pool_timeout=10&socket_timeout=5&sslaccept=accept_invalid_certs', 'connection_limit pool_timeout schema socket_timeout'], // prettier-ignore
  ['statement_cache_size=0', '', true],
  ['keepalives=1&keepalives_idle=30&keepalives_interval=10&keepalives_count=5', 'keepalives keepalives_count keepalives_idle keepalives_interval'], // prettier-ignore
  ['connect_timeout=15&application_name=x', 'connect_timeout'],
  ['sslmode=require&channel_binding=require', 'channel_binding'],
  ['target_session_attrs=read-write&client_encoding=utf8&gssencmode=disable', ''],
  ['target_session_attrs=standby', 'target_session_attrs'],
  ['TimeZone=Asia/Tokyo&statement_timeout=5', 'TimeZone statement_timeout'],
  ['pool_mode=transaction', '', true],
  ['nobody_knows=this', 'nobody_knows'],
]

test('parameters of other drivers are understood, or left out and named without their values', () => {
  for (const [query, leftOut, pooled = false] of HANDED_OUT) {
    const url = parseDatabaseUrl(`postgres://ann:${SECRET}@db.example/league?${query}`)

    assert.deepEqual([url.leftOut.join(' '), url.pooled], [leftOut, pooled], query)
    assert.ok(['', '?application_name=x'].includes(new URL(url.forDriver).search), query)
  }
})

test("options reach the server as they are: they carry Neon's endpoint, CockroachDB's cluster, a search path", () => {
  for (const options of ['endpoint=ep-x-1', '--cluster=a-1', '-c search_path=a,b']) {
    const { forDriver } = parseDatabaseUrl(`postgres://ann@db.example/league?options=${encodeURIComponent(options)}`)

    assert.equal(new URL(forDriver).searchParams.get('options'), options)
  }
})

test('addresses of IPv6, sockets and percent-encoded parts lead where they say', () => {
  const places: readonly (readonly [string, string])[] = [
    ['postgres://ann@[::1]:6000/league', '[::1]:6000/league as ann'],
    ['postgres://ann@[fdb8::1]/league', '[fdb8::1]:5432/league as ann'],
    ['postgres://ann@/league?host=/var/run/postgresql', '/var/run/postgresql:5432/league as ann'],
    ['postgres://ann@%2Fvar%2Frun%2Fpostgresql:6000/league', '/var/run/postgresql:6000/league as ann'],
    ['postgres:///league?host=/cloudsql/p:r:i&user=ann', '/cloudsql/p:r:i:5432/league as ann'],
    ['postgres://ann%40srv@srv.postgres.database.azure.com/league', 'srv.postgres.database.azure.com:5432/league as ann@srv'], // prettier-ignore
    ['postgres://ann:1@db.example:5432/league?port=7000&dbname=cup', 'db.example:7000/cup as ann'],
  ]
  for (const [url, shown] of places) {
    assert.equal(parseDatabaseUrl(url).shown, shown)
    assert.equal(parseDatabaseUrl(parseDatabaseUrl(url).forDriver).shown, shown)
  }
})

test('what people paste around a URL is taken off, and the forms of other drivers are read', () => {
  const url = `postgresql://ann:${SECRET}@db.example:6000/league?sslmode=require`
  const pasted = [
    `"${url}"`,
    `'${url}';`,
    `\n  ${url}  \n`,
    `DATABASE_URL=${url}`,
    `export DATABASE_URL="${url}"`,
    `DATABASE_URL: '${url}'`,
    `psql '${url}'`,
    `psql ${url}`,
    `psql -d "${url}"`,
    url.replace('postgresql:', 'postgresql+psycopg2:'),
    url.replace('postgresql:', 'postgres+asyncpg:'),
    `jdbc:postgresql://db.example:6000/league?user=ann&password=${SECRET}&sslmode=require`,
    `host=db.example port=6000 dbname=league user=ann password=${SECRET} sslmode=require`,
    `host=db.example port=6000 dbname=league user='ann' password='${SECRET}' sslmode = require`,
  ]
  for (const text of pasted) {
    assert.equal(describeUrl(text), 'db.example:6000/league as ann', text)
    assert.equal(new URL(parseDatabaseUrl(text).forDriver).password, SECRET, text)
    assert.ok(passwordsIn(text).includes(SECRET), text)
  }
})

// What is wrong, in words that quote nothing.
const REFUSED: readonly (readonly [string, RegExp])[] = [
  [`postgres://ann:${SECRET}@h1,h2/league`, /names several hosts/],
  [`postgres://ann:${SECRET}@h1:5432,h2:5433/league`, /names several hosts/],
  [`postgres://ann:${SECRET}@/league?host=h1,h2`, /names several hosts/],
  [`postgres://ann:${SECRET}%@db.example/league`, /a % that does not begin an escape/],
  [`postgres://ann:${SECRET}/x@db.example/league`, /cannot be read/],
  [`postgres://ann:${SECRET}#x@db.example/league`, /cannot be read/],
  [`postgres://ann:${SECRET}?x@db.example/league`, /cannot be read/],
  [`postgres://ann:${SECRET}@x@db.example/league`, /cannot be read/],
  [`postgres://ann:${SECRET}`, /port that is not a number/],
  [`mysql://ann:${SECRET}@db/x`, /is one of mysql/],
  [`prisma+postgres://accelerate.example/?api_key=${SECRET}`, /is one of prisma/],
  [`PGPASSWORD=${SECRET} psql -h db.example -U ann league`, /a psql command without a URL/],
  [`psql -h ${SECRET} -U ann league`, /a psql command without a URL/],
  [`Server=db.example;Database=league;User Id=ann;Password=${SECRET};`, /connection string of \.NET/],
  [`host=db.example password=${SECRET} with a space user=ann`, /value with a space/],
  [`jdbc:postgresql://db.example/league?user=ann&password=s3&${SECRET}=x`, /a parameter beside its password/],
  ['postgres://USER:PASSWORD@HOST:5432/DATABASE', /placeholder where its user belongs/],
  ['postgresql://postgres:[YOUR-PASSWORD]@db.abc.supabase.co:5432/postgres', /placeholder where its password belongs/],
  [`postgresql://ann:npg_${'*'.repeat(12)}@ep-x.neon.tech/neondb`, /placeholder where its password belongs/],
  [`postgres://ann:${SECRET}@<host>:5432/league`, /placeholder where its host belongs/],
  [`postgres://ann:${SECRET}@db.example:PORT/league`, /placeholder where its port belongs/],
  [`postgres://ann:${SECRET}@db/x?sslmode=${SECRET}`, /an sslmode that is none of disable/],
  [`postgres://ann:${SECRET}@db/x?sslrootcert=/no/${SECRET}`, /file as sslrootcert that cannot be read \(ENOENT\)/],
  [`postgres://ann:${SECRET}@db/x?sslmode=require&sslkey=/no/${SECRET}`, /only one of sslcert and sslkey/],
]

test('what cannot be used is named for what it is, and nothing of it is quoted', () => {
  for (const [url, told] of REFUSED) {
    const failure = refusalOf(url)

    assert.match(failure.message, told)
    assert.ok(!JSON.stringify(toErrorRecord(failure)).includes(SECRET), url)
  }
})

const RANDOM_PASSWORDS = 200_000
// All that a generator of passwords may use.
const SIGNS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.repeat(2), ..."!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"] // prettier-ignore

test('of 200,000 random passwords each is read exactly, or its URL is refused in words that any other gets', () => {
  const random = createRandom(11)
  const refusals = new Set<string>()
  for (let round = 0; round < RANDOM_PASSWORDS; round += 1) {
    const password = Array.from({ length: 8 + random.below(24) }, () => SIGNS[random.below(SIGNS.length)]).join('')
    const url = `postgres://ann:${password}@db.example:6000/league`
    const read = passwordOf(url)
    if (typeof read === 'string') assert.equal(read, decodeURIComponent(password), password)
    else refusals.add(read.message)
    if (round % 10 > 0) continue // a second is enough
    if (typeof read !== 'string') assert.equal(describeUrl(url), 'a database URL that cannot be read')
    assert.equal(passwordOf(`postgres://ann:${encodeURIComponent(password)}@db.example:6000/league`), password)
    assert.ok(passwordsIn(url).includes(password))
  }

  const told = [...refusals].sort().map((message) => message.replace(/: .*/, ''))
  assert.deepEqual(told, [
    'the database URL cannot be read',
    'the database URL has a % that does not begin an escape (write %25 for it)',
  ])
})

function passwordOf(url: string): string | Error {
  try {
    const parsed = parseDatabaseUrl(url)
    assert.equal(parsed.shown, 'db.example:6000/league as ann')
    return decodeURIComponent(new URL(parsed.forDriver).password)
  } catch (error) {
    assert.ok(error instanceof ConfigFailure, String(error))
    return error
  }
}

function refusalOf(url: string): Error {
  try {
    parseDatabaseUrl(url)
  } catch (error) {
    assert.ok(error instanceof ConfigFailure)
    return error
  }
  return assert.fail(`it was read: ${url}`)
}

test('what a URL says of encryption wins, and means what it means to libpq', () => {
  const ssl = (query: string) => parseDatabaseUrl(`postgres://a@db/x${query}`).ssl

  assert.equal(ssl('?sslmode=disable'), false)
  assert.equal(ssl('?ssl=false'), false)
  assert.equal(ssl('?sslmode=prefer'), 'prefer')
  assert.equal(ssl('?sslmode=allow'), 'prefer')
  for (const query of ['?sslmode=require', '?sslmode=no-verify', '?ssl=true', '?ssl=require'])
    assert.deepEqual(ssl(query), { rejectUnauthorized: false }, query)
  for (const query of ['?sslmode=verify-full', '?sslrootcert=system', '?sslrootcert=system&sslmode=require'])
    assert.deepEqual(ssl(query), { rejectUnauthorized: true }, query)
})

test('an authority is verified with: by its signature alone with require, by the host name too without a mode', () => {
  const path = fileURLToPath(import.meta.url)
  const mode = (query: string) => parseDatabaseUrl(`postgres://a@db/x?sslrootcert=${path}${query}`).tls

  assert.match(mode('&sslmode=require'), /^sslmode=verify-ca, by the URL/)
  assert.match(mode(''), /^sslmode=verify-full, by the URL/)
  assert.match(mode('&sslmode=disable'), /^sslmode=disable, by the URL/)
})

test('without a word a public name is encrypted or refused, and a private one encrypted where it can', () => {
  const by = (host: string) => parseDatabaseUrl(`postgres://a@${host}/x`).tls.split(',')[0]
  const closed = ['localhost', '127.0.0.1', '[::1]', 'db', '10.1.2.3', '172.31.0.1', '192.168.0.1', '100.64.0.1', '169.254.1.1', '[fd00::1]', '[fe80::1]', 'postgres.railway.internal', 'app.flycast'] // prettier-ignore
  const open = ['db.example', '172.32.0.1', '100.128.0.1', '8.8.8.8', '[2001:db8::1]', 'aws-0-eu.pooler.supabase.com', '10.example'] // prettier-ignore

  for (const host of closed) assert.equal(by(host), 'sslmode=prefer', host)
  for (const host of open) assert.equal(by(host), 'sslmode=require', host)
  assert.equal(by('%2Fvar%2Frun'), 'sslmode=disable')
})
