// What a job gets and what becomes of what it says: spans, retries, writes, notes.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { SourceFailure } from '../../src/core/errors.ts'
import type { JobContext, JobReturn } from '../../src/core/job.ts'
import { toPlainData, toText } from '../../src/runner/report-text.ts'
import { toMarkdown } from '../../src/runner/summary.ts'
import type { RunReport, RunnerParts } from '../../src/runner/types.ts'
import { aJob } from '../helpers/builders.ts'
import { aWorld, type World } from '../helpers/world.ts'

type Work = (ctx: JobContext<Record<string, unknown>>) => Promise<JobReturn>

/** Runs this as a job, once. */
async function run(work: Work, parts: Partial<RunnerParts> = {}): Promise<{ report: RunReport; world: World }> {
  const job = aJob({ run: (_day, ctx) => work(ctx) })
  const world = await aWorld({ job, cron: ['7 8 * * *'] })
  return { report: await world.wake(job, '18 08:07', { parts }), world }
}

test('a job gets the key of its own source and no other, and is told which secret is not set', async () => {
  const keys: string[] = []
  const ask = (ctx: JobContext<Record<string, unknown>>, source: string) => {
    try {
      keys.push(ctx.secret(source))
    } catch (error) {
      keys.push((error as Error).message)
    }
  }
  const job = aJob({
    sources: ['odds-api', 'mlb-stats'],
    run: (_day, ctx) =>
      Promise.resolve(['odds-api', 'mlb-stats', 'sleeper', 'espn'].forEach((source) => ask(ctx, source))),
  })
  await using world = await aWorld({ job, cron: ['7 8 * * *'] })
  const sourceKeys = {
    'odds-api': { variable: 'ODDS_API_KEY', value: 'a-key-of-ours' },
    'mlb-stats': { variable: 'MLB_STATS_KEY', value: undefined },
    sleeper: { variable: 'SLEEPER_KEY', value: 'not-for-this-job' },
  }

  await world.wake(job, '18 08:07', { parts: { sourceKeys } })

  assert.equal(keys[0], 'a-key-of-ours')
  assert.match(keys[1] ?? '', /needs the key of mlb-stats: set the repository secret MLB_STATS_KEY/)
  assert.match(keys[2] ?? '', /key of "sleeper", and it is none of the sources of /)
  assert.match(keys[3] ?? '', /key of "espn", and no league says that it has one/)
})

test('spans lie in one another, also those that go on side by side', async () => {
  const { report, world } = await run(async (ctx) => {
    await ctx.span('all', () =>
      Promise.all([
        ctx.span('left', () => ctx.span('in left', () => Promise.resolve())),
        ctx.span('right', () => ctx.span('in right', () => Promise.resolve())),
      ]),
    )
    await ctx.span('after', () => Promise.resolve())
  })
  await using _world = world

  const spans = await world.sql<{ name: string; inside: string | null }[]>`
    select s.name, p.name as inside from ledger.spans s
    left join ledger.spans p on p.run_id = s.run_id and p.place = s.parent
    where s.run_id = ${report.run.id} order by s.place
  `
  assert.deepEqual(
    spans.map((span) => [span.name, span.inside]),
    [
      ['all', null],
      ['left', 'all'],
      ['in left', 'left'],
      ['right', 'all'],
      ['in right', 'right'],
      ['after', null],
    ],
  )
})

test('a span keeps the error that ended it, and gives back what its work returned', async () => {
  let value: number | undefined
  const { report, world } = await run(async (ctx) => {
    value = await ctx.span('count', () => Promise.resolve(7))
    await ctx.span('break', () => Promise.reject(new Error('no rows')))
  })
  await using _world = world

  assert.equal(value, 7)
  assert.deepEqual(
    report.record.spans.map(({ name, error }) => [name, error]),
    [
      ['count', undefined],
      ['break', 'no rows'],
    ],
  )
})

test('ten thousand spans are kept', async () => {
  const { report, world } = await run(async (ctx) => {
    for (let day = 0; day < 10_000; day++) await ctx.span(`day ${day}`, () => Promise.resolve())
  })
  await using _world = world

  assert.equal(report.outcome, 'succeeded')
  const [kept] = await world.sql`select count(*)::integer as spans from ledger.spans`
  assert.equal(kept?.['spans'], 10_000)
})

test('a retryable failure is tried again after a growing delay, each try a span', async () => {
  const waits: number[] = []
  let tries = 0
  const { report, world } = await run(
    (ctx) =>
      ctx.attempt('fetch', () =>
        ++tries < 3 ? Promise.reject(new SourceFailure('503', { retryable: true })) : Promise.resolve(),
      ),
    { wait: (ms) => Promise.resolve(void waits.push(ms)) },
  )
  await using _world = world

  assert.equal(report.outcome, 'succeeded')
  assert.deepEqual(
    report.record.spans.map(({ name, error }) => [name, error]),
    [
      ['fetch', '503'],
      ['fetch (try 2)', '503'],
      ['fetch (try 3)', undefined],
    ],
  )
  assert.ok(waits[0]! >= 900 && waits[0]! < 1100 && waits[1]! >= 1800 && waits[1]! < 2200, String(waits))
})

test('what a provider asks for in Retry-After is waited for', async () => {
  const waits: number[] = []
  let tries = 0
  const asked = new SourceFailure('429', { retryable: true, retryAfterSeconds: 77 })
  const { world } = await run(
    (ctx) => ctx.attempt('fetch', () => (++tries < 2 ? Promise.reject(asked) : Promise.resolve())),
    { wait: (ms) => Promise.resolve(void waits.push(ms)) },
  )
  await using _world = world

  assert.deepEqual(waits, [77_000])
})

test('a failure that is final is not tried again', async () => {
  let tries = 0
  const { report, world } = await run((ctx) =>
    ctx.attempt('fetch', () => {
      tries++
      return Promise.reject(new SourceFailure('400', { retryable: false }))
    }),
  )
  await using _world = world

  assert.equal(tries, 1)
  assert.equal(report.outcome, 'failed')
})

test('a run that is told to stop while it waits for a retry ends at once', async () => {
  const stop = new AbortController()
  const { report, world } = await run(
    (ctx) => ctx.attempt('fetch', () => Promise.reject(new SourceFailure('503', { retryable: true }))),
    {
      cancelled: stop.signal,
      wait(_ms, signal) {
        stop.abort(new Error('told to stop by SIGINT'))
        return Promise.reject(signal.reason as Error)
      },
    },
  )
  await using _world = world

  assert.equal(report.outcome, 'cancelled')
})

test('a write to the lake that fails leaves nothing', async () => {
  const { report, world } = await run((ctx) =>
    ctx.lake.write(async (tx) => {
      await tx`insert into ledger.watermarks (stage, key, value) values ('a', 'b', 'c')`
      throw new Error('halfway')
    }),
  )
  await using _world = world

  assert.equal(report.outcome, 'failed')
  assert.equal((await world.sql`select 1 from ledger.watermarks`).length, 0)
})

test('a write inside a write is refused, because it would wait for itself', async () => {
  const { report, world } = await run(async (ctx) => {
    await ctx.lake.write(() => ctx.watermark.advance('games', '2024'))
  })
  await using _world = world

  assert.equal(report.outcome, 'failed')
  assert.match(report.reason ?? '', /inside another would wait for it for ever: use the transaction at hand/)
})

test('a watermark moves forward only and is the job’s own', async () => {
  const marks: unknown[] = []
  const { world } = await run(async (ctx) => {
    marks.push(await ctx.watermark.read('games'))
    for (const to of ['2024-11-18', '2024-11-17', '2024-11-19']) marks.push(await ctx.watermark.advance('games', to))
    marks.push(await ctx.watermark.read('games'))
  })
  await using _world = world

  assert.deepEqual(marks, [undefined, true, false, true, '2024-11-19'])
  const kept = await world.sql`select stage, key, value from ledger.watermarks`
  assert.deepEqual([...kept], [{ stage: 'test/one', key: 'games', value: '2024-11-19' }])
})

test('what JSON or Postgres would refuse does not cost the end of the run', async () => {
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  const { report, world } = await run((ctx) => {
    ctx.note('nul', 'a\0b')
    ctx.note('half a pair', 'x\ud83d')
    ctx.note('big', 10n)
    ctx.note('circle', circle)
    ctx.note('nothing', undefined)
    ctx.fail({ kind: 'game', key: 'g\0', code: 'c', message: '\udc00', context: { text: '\0' } })
    ctx.table('t\0', [{ cell: '\0' }])
    return Promise.reject(new Error('bad\0sign'))
  })
  await using _world = world

  assert.equal(report.reason, 'badsign')
  const [row] = await world.sql`select outcome, notes, log_tail is not null as log from ledger.runs`
  assert.equal(row?.['outcome'], 'failed')
  const notes = row?.['notes'] as Record<string, unknown>
  assert.deepEqual([notes['nul'], notes['half a pair'], notes['big'], notes['nothing']], ['ab', 'x\ufffd', '10', null])
  assert.match(String(notes['circle']), /^cannot be kept as JSON: TypeError/)
})

test('an end whose details the database refuses is the same end without them, and says which are left out', async () => {
  const { report, world } = await run((ctx) => {
    ctx.count('game', { read: 0.5 })
    ctx.note('games', 'half of one')
    return Promise.resolve()
  })
  await using _world = world

  assert.equal(report.outcome, 'succeeded')
  const [row] =
    await world.sql`select outcome, notes->>'left out' as gone, notes->>'because' as because from ledger.runs`
  assert.deepEqual([row?.['outcome'], row?.['gone']], ['succeeded', 'notes'])
  assert.match(String(row?.['because']), /the database refused them: .*bigint/)
})

test('the password of DATABASE_URL is nowhere in log, error, notes, summary or report', async () => {
  let password = ''
  const job = aJob({
    run(_day, ctx) {
      ctx.log.info(`connecting with ${password}`, { url: `postgres://u:${password}@h/d` })
      ctx.note('url', { deep: [`postgres://u:${password}@h/d`] })
      ctx.fail({ kind: 'game', key: password, code: 'c', message: password, context: { url: password } })
      ctx.table(password, [{ cell: password }])
      return ctx.span(`with ${password}`, () => Promise.reject(new Error(`refused ${password}`)))
    },
  })
  await using world = await aWorld({ job, cron: ['7 8 * * *'] })
  password = decodeURIComponent(new URL(world.url).password)
  assert.ok(password.length >= 6, 'the test server has a password worth hiding')

  const report = await world.wake(job, '18 08:07')

  const everything = await world.sql`
    select to_jsonb(r) from ledger.runs r union all select to_jsonb(s) from ledger.spans s
    union all select to_jsonb(d) from ledger.dead_letters d
  `
  const told = JSON.stringify([everything, world.log, toPlainData(report), toText(report), toMarkdown(report)])
  assert.ok(told.includes('refused ***'))
  assert.ok(!told.includes(password))
})

test('a line break in a log message starts no line of its own', async () => {
  const { world } = await run((ctx) => {
    ctx.log.info('one\n::add-mask::x\r::error::y', { fact: 'a\n::warning::z' })
    return Promise.resolve()
  })
  await using _world = world

  const lines = world.log.flatMap((line) => line.split(/[\r\n]/))
  assert.ok(lines.every((line) => /^\d\d:\d\d:\d\d /.test(line)))
})
