// Two passwords of one shape leave the same bytes on every error path: nothing that a process prints tells anything of them.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { aDatabaseForThisFile } from '../helpers/database.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const { url } = await aDatabaseForThisFile({ empty: true })
const folder = mkdtempSync(join(tmpdir(), 'matchday-shape-'))
after(() => rmSync(folder, { recursive: true }))

const PASSWORDS = ['aK3/dq#9Lw@2%xZ', 'pT7/mv#4Rn@8%cB'] as const
const DIGITS: Record<string, string> = { [PASSWORDS[0]]: '1', [PASSWORDS[1]]: '2' }

function run(script: string, args: readonly string[], env: Record<string, string>): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: PROJECT_ROOT,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder, NODE_TEST_CONTEXT: undefined, ...env },
  })
  return [`exit ${status}`, stdout, stderr].join('\n')
}

const known = new URL(url)
const place = `${known.hostname}:${known.port}`
const encoded = encodeURIComponent
const MIGRATE = ['scripts/migrate.ts'] as const

// The name, what is run, and the URL for a password.
const PATHS: readonly (readonly [string, readonly [string, ...string[]], (password: string) => string])[] = [
  ['unescaped signs', MIGRATE, (password) => `postgres://ann:${password}@${place}/league`],
  ['an unescaped slash', MIGRATE, (password) => `postgres://ann:${password.slice(0, 6)}@${place}/league`],
  ['a bare %', MIGRATE, (password) => `postgres://ann:${password.slice(11)}@${place}/league`],
  // Read as a URL usually is, the digits are a port and the rest a database.
  [
    'digits before a slash',
    MIGRATE,
    (password) => `postgres://localhost:${DIGITS[password]}${password.slice(3, 6)}@${place}/league`,
  ],
  ['the password alone', MIGRATE, (password) => password],
  ['login refused', MIGRATE, (password) => `postgres://${known.username}:${encoded(password)}@${place}/postgres`],
  ['TLS refused', MIGRATE, (password) => `postgres://ann:${encoded(password)}@${place}/league?sslmode=require`],
  ['a bad parameter', MIGRATE, (password) => `postgres://ann:${encoded(password)}@${place}/league?sslmode=${encoded(password)}`], // prettier-ignore
  ['help', ['scripts/migrate.ts', '--help'], (password) => `postgres://ann:${password}@${place}/league`],
  ['JSON', ['scripts/job.ts', 'nfl/bronze', '--json'], (password) => `postgres://ann:${password}@${place}/league`],
]

for (const [name, [script, ...args], urlFor] of PATHS) {
  test(`two passwords of one shape leave the same bytes: ${name}`, () => {
    const [one, other] = PASSWORDS.map((password) => run(script, args, { DATABASE_URL: urlFor(password) }))

    assert.equal(one, other)
    for (const password of PASSWORDS) assert.ok(!one?.includes(password.slice(0, 3)), one)
  })
}
