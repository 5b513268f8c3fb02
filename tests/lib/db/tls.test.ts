// What each sslmode does against a real server without and with TLS, as pg_stat_ssl sees it.

import assert from 'node:assert/strict'
import { chownSync } from 'node:fs'
import { after, test } from 'node:test'

import { ConfigFailure } from '../../../src/core/errors.ts'
import { explainDatabaseError, openDatabase } from '../../../src/lib/db.ts'
import { aChaosServer } from '../../chaos/server.ts'
import { anAuthority, hasOpenssl } from '../../helpers/certificates.ts'

const skip = hasOpenssl() ? false : 'openssl, which makes the certificates, is missing on this machine'

const server = skip ? undefined : await aChaosServer()
after(() => server?.[Symbol.asyncDispose]())

/** `plain`, the version of TLS, or the sentence of the refusal. */
async function way(query: string, host = '127.0.0.1'): Promise<string> {
  const url = server!.urlOf('postgres', { host }).replace(/\?.*/, query)
  await using database = openDatabase(url, { max: 1, deadlineMs: 10_000 })
  try {
    const [row] = await database.sql<{ ssl: boolean; version: string; client_dn: string }[]>`
      select ssl, version, client_dn from pg_stat_ssl where pid = pg_backend_pid()
    `
    return row?.ssl ? [row.version, row.client_dn].filter(Boolean).join(' ') : 'plain'
  } catch (error) {
    const failure = explainDatabaseError(error, url)
    assert.ok(failure instanceof ConfigFailure, failure.message)
    assert.equal(failure.retryable, true)
    assert.match(failure.message, /sslmode=disable/)
    assert.ok(!failure.message.includes(server!.password))
    return failure.message
  }
}

const REFUSED = /offers no encryption, and the connection needs it/
const UNTRUSTED = /showed a certificate that cannot be trusted: .*sslrootcert/

async function holdAgainst(matrix: readonly (readonly [query: string, expected: RegExp, host?: string])[]) {
  for (const [query, expected, host] of matrix) assert.match(await way(query, host), expected, `${query} at ${host}`)
}

test('a server without TLS is used where the mode allows it, and refused in a sentence where it does not', { skip }, async () => {
  await holdAgainst([
    ['', /^plain$/],
    ['?sslmode=disable', /^plain$/],
    ['?sslmode=allow', /^plain$/],
    ['?sslmode=prefer', /^plain$/],
    ['?sslmode=require', REFUSED],
    ['?sslmode=no-verify', REFUSED],
    ['?ssl=true', REFUSED],
    ['?sslmode=verify-ca', REFUSED],
    ['?sslmode=verify-full', REFUSED],
    ['?sslrootcert=system', REFUSED],
  ])
}) // prettier-ignore

test(
  'a server with TLS is reached encrypted, and its certificate checked as far as the mode says',
  { skip },
  async () => {
    const { right, wrong, own } = await encrypt()
    const TLS = /^TLSv1\.[23]/
    await holdAgainst([
      ['', TLS],
      ['?sslmode=disable', /^plain$/],
      ['?sslmode=prefer', TLS],
      ['?sslmode=require', TLS],
      ['?sslmode=no-verify', TLS],
      ['?ssl=true', TLS],
      [`?sslmode=prefer&sslrootcert=${wrong}`, TLS],
      [`?sslmode=require&sslrootcert=${right}`, TLS],
      [`?sslmode=require&sslrootcert=${wrong}`, UNTRUSTED],
      [`?sslmode=verify-ca&sslrootcert=${right}`, TLS],
      [`?sslmode=verify-ca&sslrootcert=${wrong}`, UNTRUSTED],
      ['?sslmode=verify-ca', UNTRUSTED],
      [`?sslmode=verify-full&sslrootcert=${right}`, TLS, 'localhost'],
      [`?sslmode=verify-full&sslrootcert=${right}`, UNTRUSTED, '127.0.0.1'],
      [`?sslmode=verify-full&sslrootcert=${wrong}`, UNTRUSTED, 'localhost'],
      [`?sslrootcert=${right}`, TLS, 'localhost'],
      [`?sslrootcert=${right}`, UNTRUSTED, '127.0.0.1'],
      ['?sslrootcert=system', UNTRUSTED, 'localhost'],
      ['?sslmode=require&sslrootcert=system', UNTRUSTED, 'localhost'],
      ['?sslaccept=strict', UNTRUSTED, 'localhost'],
      [`?sslmode=require&sslcert=${own.certificate}&sslkey=${own.key}`, /^TLSv1\.[23] \/CN=league$/],
    ])
  },
)

/** Gives the server a certificate for "localhost" of an authority, and makes one of a stranger. */
async function encrypt() {
  const { place, asAdmin } = server!
  const authority = anAuthority(place.directory, 'league-authority')
  const { certificate, key } = authority.sign('localhost')
  if (place.user) chownSync(key, place.user.uid, place.user.gid)
  await asAdmin(async (sql) => {
    for (const [name, value] of [
      ['ssl_cert_file', certificate],
      ['ssl_key_file', key],
      ['ssl_ca_file', authority.certificate],
      ['ssl', 'on'],
    ])
      await sql.unsafe(`alter system set ${name} = '${value}'`)
    await sql`select pg_reload_conf()`
  })
  const wrong = anAuthority(place.directory, 'stranger').certificate
  return { right: authority.certificate, wrong, own: authority.sign('league') }
}
