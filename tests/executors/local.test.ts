// Runs on this machine, as real processes.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { JobFailure } from '../../src/core/errors.ts'
import { createLocalExecutor } from '../../src/executors/local.ts'
import type { RunRequest } from '../../src/executors/types.ts'
import { runTypeScript } from '../helpers/child.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'
import { until } from '../helpers/until.ts'
import { aTinyProject, childEnv } from './tiny-project.ts'

const bronze = (inputs: Record<string, string> = {}): RunRequest => ({
  job: 'nfl/bronze',
  workflow: 'nfl-bronze.yml',
  inputs,
})

function anExecutor(projectRoot: string, more?: Record<string, string>) {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  return { lines, executor: createLocalExecutor({ projectRoot, write, env: childEnv(more) }) }
}

test('inputs become flags: a switch is bare, and what is off or empty is left out', async () => {
  using project = aTinyProject()
  const { executor } = anExecutor(project.root)

  await executor.submit(
    bronze({ season: '2024', week: '', dry_run: 'true', force: 'false', cascade: '', source: '-all true' }),
  )
  await executor.settled()

  assert.deepEqual(
    project.calls().map(({ args }) => args),
    [['--trigger', 'request', '--season=2024', '--dry-run', '--source=-all true']],
  )
})

test('the environment that was handed over is handed on', async () => {
  using project = aTinyProject()
  const { executor } = anExecutor(project.root, { WORD: 'fourth and long' })

  await executor.submit(bronze())
  await executor.settled()

  assert.equal(project.calls()[0]?.word, 'fourth and long')
})

test('what a job prints is passed on line by line, on both its outputs, down to a last line without an end', async () => {
  using project = aTinyProject(`console.log('a\\nb'); console.error('c'); process.stdout.write('d')`)
  const { executor, lines } = anExecutor(project.root)

  await executor.submit(bronze())
  await executor.settled()

  assert.deepEqual(lines.sort(), ['nfl/bronze: a', 'nfl/bronze: b', 'nfl/bronze: c', 'nfl/bronze: d'])
})

test('how a job ended is said when it did not end well', async () => {
  using failing = aTinyProject('process.exitCode = 1')
  using killed = aTinyProject(`process.kill(process.pid, 'SIGKILL')`)
  const [first, second] = [anExecutor(failing.root), anExecutor(killed.root)]

  await Promise.all([first.executor.submit(bronze()), second.executor.submit(bronze())])
  await Promise.all([first.executor.settled(), second.executor.settled()])

  assert.deepEqual(first.lines, ['nfl/bronze: ended with exit code 1'])
  assert.deepEqual(second.lines, ['nfl/bronze: ended by SIGKILL'])
})

test('settled waits for every job, also for one that is submitted while it waits', async () => {
  using project = aTinyProject(`await untilThere(process.argv.at(-1).split('=').at(-1)); console.log('done')`)
  const { executor, lines } = anExecutor(project.root)
  await executor.submit(bronze({ season: 'first' }))
  const settled = executor.settled()

  await executor.submit(bronze({ season: 'second' }))
  project.put('first')
  await until('the first is done', () => lines.length === 1)
  project.put('second')
  await settled

  assert.deepEqual(lines, ['nfl/bronze: done', 'nfl/bronze: done'])
})

test('without jobs there is nothing to wait for', async () => {
  const { executor } = anExecutor(PROJECT_ROOT)

  assert.equal(await executor.settled(), undefined)
})

test('the reference is the process', async () => {
  using project = aTinyProject('console.log(process.pid)')
  const { executor, lines } = anExecutor(project.root)

  const { reference } = await executor.submit(bronze())
  await executor.settled()

  assert.equal(`nfl/bronze: ${reference?.replace('pid:', '')}`, lines[0])
})

test('a job without a door is not started, for good', async () => {
  using project = aTinyProject()
  const { executor } = anExecutor(project.root)

  await assert.rejects(executor.submit({ ...bronze(), job: 'nfl/gold' }), (error: unknown) => {
    assert.ok(error instanceof JobFailure)
    assert.deepEqual([error.code, error.retryable], ['local_not_started', false])
    assert.match(error.message, /^nfl\/gold was not started on this machine: there is no scripts\/nfl\/gold\.ts in /)
    return true
  })
})

test('a process that cannot be made is a failure that repeats no variable, and nothing is waited for', async () => {
  using project = aTinyProject()
  const { executor } = anExecutor(project.root, { WORD: 'hidden-word with a \0 in it' })

  await assert.rejects(executor.submit(bronze()), (error: unknown) => {
    assert.ok(error instanceof JobFailure)
    assert.equal(error.code, 'local_not_started')
    assert.match(error.message, /ERR_INVALID_ARG_VALUE/)
    assert.ok(!/hidden-word/.test(error.message), error.message)
    return true
  })
  await executor.settled()

  assert.deepEqual(project.calls(), [])
})

test('a job ends when the process that started it is killed', async () => {
  using project = aTinyProject(`
    process.on('disconnect', () => { writeFileSync('ended', ''); process.exit() })
    await untilThere('never')
  `)
  await using parent = runTypeScript(`
    import { createLocalExecutor } from './src/executors/local.ts'
    const executor = createLocalExecutor({ projectRoot: ${JSON.stringify(project.root)}, write: () => undefined })
    console.log((await executor.submit({ job: 'nfl/bronze', workflow: 'nfl-bronze.yml', inputs: {} })).reference)
    await executor.settled()
  `)
  await parent.line()
  await until('the job runs', () => project.calls().length === 1)

  parent.process.kill('SIGKILL')

  await until('the job has ended', () => project.has('ended'))
})

test("a real door's refusal is passed on", async () => {
  const { executor, lines } = anExecutor(PROJECT_ROOT)

  await executor.submit(bronze({ colour: 'red' }))
  await executor.settled()

  assert.match(lines[0] ?? '', /^nfl\/bronze: ✕ Unknown option '--colour'/)
  assert.equal(lines.at(-1), 'nfl/bronze: ended with exit code 2')
})

test('a real door takes every input of its own workflow', async () => {
  const { executor, lines } = anExecutor(PROJECT_ROOT, { MATCHDAY_NOW: 'no instant: refused before any database' })

  await executor.submit(
    bronze({
      season: '2024',
      week: '11',
      environment: 'development',
      dry_run: 'true',
      force: 'true',
      cascade: 'true',
    }),
  )
  await executor.settled()

  assert.match(lines[0] ?? '', /MATCHDAY_NOW/)
})
