// The one way out, as real processes use it: what comes out on either stream, in files and after a crash.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { PROJECT_ROOT } from '../helpers/test-server.ts'
import { commandsIn, looksLikeCommand } from '../helpers/runner-commands.ts'

const folder = mkdtempSync(join(tmpdir(), 'matchday-output-'))
after(() => rmSync(folder, { recursive: true }))

const PASSWORD = ['h4nter', '2/and+more'].join('')
const URL_OF_OURS = `postgres://ann:${encodeURIComponent(PASSWORD)}@db.league.io:5432/prod`
const HOSTILE =
  'a ##[set-env name=PATH]b\n::stop-commands::x\r::add-mask::games\u001b[2J\u009b31m\u2028::error::y\u202e'

interface Printed {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program that has the sink's functions at hand. */
function run(program: string, variables: Record<string, string> = {}, stderr: 'pipe' | number = 'pipe'): Printed {
  const code = `import * as out from './src/lib/output.ts'; out.openOutput(process.env); const hostile = ${JSON.stringify(HOSTILE)}; ${program}`
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, DATABASE_URL: URL_OF_OURS, ...variables }
  const args = ['--import', 'tsx', '--input-type=module', '-e', code]
  const end = spawnSync(process.execPath, args, { cwd: PROJECT_ROOT, env, stdio: ['ignore', 'pipe', stderr], encoding: 'utf8' }) // prettier-ignore
  return { status: end.status, stdout: end.stdout, stderr: end.stderr ?? '' }
}

function assertHarmless(text: string): void {
  assert.deepEqual(commandsIn(text), [])
  assert.equal(looksLikeCommand(text), false, text)
  assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e]/)
}

test('lines on either stream are harmless, and say what was written', () => {
  const { stdout, stderr } = run('out.say(hostile); out.note(hostile)')

  for (const text of [stdout, stderr]) {
    assertHarmless(text)
    assert.ok(text.startsWith('a # #[set-env name=PATH]b\n: :stop-commands::x␍::add-mask::games␛[2J'), text)
  }
})

test('JSON on stdout is one harmless line, and gives back what it was', () => {
  const { stdout } = run('out.sayJson({ cell: hostile, "##[group]": [hostile] })', { GITHUB_ACTIONS: 'true' })

  assertHarmless(stdout)
  assert.equal(stdout.trimEnd().split('\n').length, 1)
  assert.deepEqual(JSON.parse(stdout), { cell: HOSTILE, '##[group]': [HOSTILE] })
})

test('a secret is hidden in each form that a line has it in', () => {
  const quoted = ['a"b', '\\c_d-e*f9'].join('')
  const words = [URL_OF_OURS, PASSWORD, encodeURIComponent(PASSWORD), `ann:${PASSWORD}@elsewhere`, quoted]
  const { stdout, stderr } = run(`const words = ${JSON.stringify(words)}; out.say(words.join(' ')); out.sayJson(words); out.note(words.join('\\n'))`, { ALERT_WEBHOOK_SECRET: quoted }) // prettier-ignore

  for (const text of [stdout, stderr]) assert.doesNotMatch(text, /h4nter|and\+more|and%2B|a"b|c_d/)
  assert.deepEqual(JSON.parse(stdout.split('\n')[1] ?? ''), ['***', '***', '***', '***elsewhere', '***'])
})

test('a password that is a word is hidden where it is one, and nowhere else', () => {
  for (const word of ['matchday', 'postgres', 'pw', 'Wednesday1', 'league-of-ours']) {
    const url = `postgres://ann:${word}@db.league.io/league-of-ours`
    const { stdout } = run(`out.say('It is ${word} here. ' + process.env.DATABASE_URL + ' ann:${word}@host')`, { DATABASE_URL: url }) // prettier-ignore

    assert.equal(stdout, `It is ${word} here. *** ***host\n`)
  }
})

test('masks come on stderr, on Actions only, and not where somebody else would read them', () => {
  const program = 'out.maskSecrets(process.env); out.sayJson({ done: true })'
  const onActions = run(program, { GITHUB_ACTIONS: 'true' })
  const file = join(folder, 'kept.log')
  const kept = run(program, { GITHUB_ACTIONS: 'true' }, openSync(file, 'w'))

  assert.deepEqual(JSON.parse(onActions.stdout), { done: true })
  const masked = commandsIn(onActions.stderr)
  assert.ok(masked.every(({ command }) => command === 'add-mask'))
  assert.ok(
    masked.some(({ line }) => line === `::add-mask::${PASSWORD}`),
    onActions.stderr,
  )
  assert.deepEqual([run(program).stderr, kept.stdout, readFileSync(file, 'utf8')], ['', '{"done":true}\n', ''])
})

test('a word is never masked by itself', () => {
  const url = 'postgres://postgres:matchday@db.league.io/prod'
  const { stderr } = run('out.maskSecrets(process.env)', { GITHUB_ACTIONS: 'true', DATABASE_URL: url })

  assert.deepEqual(stderr.split('\n').sort(), ['', `::add-mask::${url}`, '::add-mask::postgres:matchday@'])
})

test('an annotation is the one command that comes of its text, on stderr', () => {
  const { stdout, stderr } = run("out.annotate('error', hostile, { on: process.env, title: 'a,b::' + hostile })", { GITHUB_ACTIONS: 'true' }) // prettier-ignore

  assert.equal(stdout, '')
  assert.deepEqual(commandsIn(stderr).map(({ command }) => command), ['error']) // prettier-ignore
  assert.equal(run("out.annotate('error', hostile, { on: process.env })").stderr, '')
})

test('summary and outputs are harmless too, and one output starts no other', () => {
  const [summary, outputs] = [join(folder, 'summary'), join(folder, 'outputs')]
  for (const file of [summary, outputs]) writeFileSync(file, '')
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: outputs }
  const { stdout } = run("await out.summarise(process.env, hostile + process.env.DATABASE_URL); out.putOut(process.env, { period: 'x\\nother=y', outcome: hostile })", env) // prettier-ignore

  assert.equal(stdout, '')
  assertHarmless(readFileSync(summary, 'utf8'))
  assert.ok(!readFileSync(summary, 'utf8').includes(URL_OF_OURS))
  const written = readFileSync(outputs, 'utf8')
  assertHarmless(written)
  assert.match(written, /^period=x other=y\noutcome=a # #\[set-env name=PATH\]b : :stop-commands::x␍::add-mask.*\n$/)
})

for (const [what, program] of [
  ['an error that nobody caught', 'setTimeout(() => { throw error })'],
  ['a promise that nobody awaited', 'void Promise.reject(error)'],
] as const) {
  test(`${what} ends with 1, without secrets, and without what hangs on it`, () => {
    const { status, stdout, stderr } = run(`const error = Object.assign(new Error(hostile + ' of ' + process.env.DATABASE_URL), { parameters: ['a row of a provider'] }); ${program}`) // prettier-ignore

    assert.deepEqual([status, stdout], [1, ''])
    assertHarmless(stderr)
    assert.match(stderr, /^✕ a # #\[set-env[^]* of \*\*\*[^]*Node\.js v/)
    assert.doesNotMatch(stderr, /h4nter|row of a provider/)
  })
}

test('what Node warns of is freed of secrets too', () => {
  const { stderr } = run("process.emitWarning('it asked ' + process.env.DATABASE_URL)")

  assert.match(stderr, /^Warning: it asked \*\*\*\n/)
})
