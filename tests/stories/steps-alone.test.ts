// Each step of a pass made to fail, by a database or a GitHub that does: the others have happened all the same, people were
// told, and the next pass finds everything as it should be.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createActionsExecutor } from '../../src/executors/actions.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { openDatabase, type Sql } from '../../src/lib/db.ts'
import { aJob, at } from '../helpers/builders.ts'
import type { Github } from '../helpers/github-shapes.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { endStory } from './account.ts'
import { dispatchesOf, sayTold } from './stage.ts'

const late = aJob({ id: 'test/late' })
const dead = aJob({ id: 'test/dead' })
const odd = aJob({ id: 'test/odd', onMissed: 'skip' })
const often = aJob({ id: 'test/often' })

/** For GitHub to answer in; only what it never answers takes it, and a busy machine answers within it. */
const A_SECOND = 1000

/** What a pass does of itself in the world below. */
const EFFECTS = ['asks for what is overdue', 'gives up the dead run', 'tells what is overdue', 'lets the lease go'] as const // prettier-ignore
type Effect = (typeof EFFECTS)[number]

interface Fault {
  /** As the report names the step. */
  readonly step: RegExp
  readonly begin: (sql: Sql, github: Github) => Promise<unknown> | void
  /** What cannot happen while it lasts. */
  readonly spoils?: readonly Effect[]
  /** A question that GitHub leaves unanswered once is nobody's trouble yet. */
  readonly ofGithub?: true
  /** Nobody can be told while nothing can be written down to be told. */
  readonly mute?: true
}

/** A table refuses some of its writes. */
const refuse =
  (table: string, { on, when = 'true' }: { on: string; when?: string }) =>
  async (sql: Sql) => {
    await sql.unsafe(`
      create or replace function public.refuse() returns trigger language plpgsql as $$
      begin
        if ${when} then raise exception 'canceling statement due to lock timeout' using errcode = '55P03'; end if;
        return new;
      end $$;
      create trigger refuse before ${on} on ${table} for each row execute function public.refuse();
    `)
  }

const hide = (table: string) => (sql: Sql) => sql.unsafe(`alter table ledger.${table} rename to ${table}_hidden`)

const answer502 = (only: RegExp) => (_: Sql, github: Github) =>
  github.refuseNext({ status: 502 }, { only, times: Infinity })
const hang = (only: RegExp) => (_: Sql, github: Github) => github.hang({ only, times: Infinity })

const FAULTS: readonly Fault[] = [
  { step: /^looking around/, begin: refuse('ledger.wake_up_gaps', { on: 'insert' }) },
  { step: /^writing the pass down/, begin: refuse('ledger.passes', { on: 'insert' }) },
  {
    step: /^taking the lease/,
    begin: refuse('ledger.watch', { on: 'update', when: 'old.holder is null and new.holder is not null' }),
    spoils: ['asks for what is overdue', 'gives up the dead run', 'tells what is overdue'],
  },
  { step: /^writing down the slots that are due/, begin: refuse('ledger.slots', { on: 'insert' }) },
  { step: /^writing down the slots of test\/often/, begin: refuse('ledger.slots', { on: 'insert' }) },
  {
    step: /^closing the slots that people have skipped/,
    begin: refuse('ledger.slots', { on: 'update', when: "new.job = 'test/often' and new.state = 'waived'" }),
  },
  { step: /^asking GitHub for its runs/, begin: answer502(/GET .*actions\/runs$/), ofGithub: true },
  { step: /^asking GitHub for its runs/, begin: hang(/GET .*actions\/runs$/), ofGithub: true },
  { step: /^asking GitHub about the silent run of test\/dead/, begin: answer502(/GET .*actions\/runs\/\d+$/), spoils: ['gives up the dead run'], ofGithub: true }, // prettier-ignore
  { step: /^asking GitHub about the silent run of test\/dead/, begin: hang(/GET .*actions\/runs\/\d+$/), spoils: ['gives up the dead run'], ofGithub: true }, // prettier-ignore
  { step: /^asking GitHub for the workflows' states/, begin: answer502(/GET .*actions\/workflows$/), ofGithub: true },
  { step: /^asking GitHub for the last commit/, begin: answer502(/GET .*commits$/), ofGithub: true },
  {
    step: /^enabling .*test-odd.yml again/,
    begin(_, github) {
      for (const workflow of github.workflows.filter(({ file }) => file.endsWith('test-odd.yml')))
        workflow.state = 'disabled_inactivity'
      github.refuseNext({ status: 502 }, { only: /PUT .*enable/, times: Infinity })
    },
    ofGithub: true,
  },
  {
    step: /^giving up the silent run of test\/dead/,
    begin: refuse('ledger.runs', { on: 'update', when: "new.outcome = 'abandoned'" }),
    spoils: ['gives up the dead run'],
  },
  {
    step: /^judging test\/odd/,
    begin: refuse('ledger.slots', { on: 'update', when: "new.job = 'test/odd' and new.state = 'missed'" }),
  },
  {
    step: /^keeping the lease/,
    begin: refuse('ledger.watch', { on: 'update', when: 'old.holder = new.holder and old.lease_until <> new.lease_until' }), // prettier-ignore
    spoils: ['asks for what is overdue'],
  },
  {
    step: /^acting on requests/,
    begin: refuse('ledger.requests', { on: 'insert' }),
    spoils: ['asks for what is overdue'],
  },
  {
    step: /^judging the health of the jobs/,
    begin: refuse('ledger.incidents', { on: 'insert', when: "new.subject = 'test/late'" }),
    spoils: ['tells what is overdue'],
  },
  { step: /^finding the next moment/, begin: hide('live_windows') },
  {
    step: /^asking for the site/,
    begin: refuse('ledger.watch', { on: 'update', when: 'new.site_asked_at is distinct from old.site_asked_at' }),
  },
  {
    step: /^writing down what failed/,
    async begin(sql) {
      await hide('live_windows')(sql)
      await refuse('ledger.incidents', { on: 'insert', when: "new.cause = 'watch_failed'" })(sql)
    },
    mute: true,
  },
  {
    step: /^telling people/,
    begin: refuse('ledger.deliveries', { on: 'insert' }),
    spoils: ['tells what is overdue'],
    mute: true,
  },
  {
    step: /^letting the lease go/,
    begin: refuse('ledger.watch', { on: 'update', when: 'old.holder is not null and new.holder is null' }),
    spoils: ['lets the lease go'],
    mute: true,
  },
]

/** A quarter to nine: a slot is overdue, a run is dead, and a slot that is dropped late waits. Nobody has looked yet. */
async function aTroubledRepository(): Promise<Repository> {
  const jobs = [
    { job: late, cron: ['7 8 * * *'] },
    { job: dead, cron: ['37 8 * * *'] },
    { job: odd, cron: ['7 8 * * *'] },
    { job: often, cron: ['39 * * * *'] },
  ]
  const repository = await aRepository({ jobs })
  repository.dies(dead, '18 08:37')
  repository.at('18 08:38', () => repository.world.sql`update ledger.watch set looked_at = '2024-11-18T05:00Z'`)
  await repository.runUntil('18 08:41')
  const skip = { job: 'test/often', kind: 'waive', reason: 'the source moves house', actor: 'ann' }
  await repository.world.sql`
    insert into ledger.overrides ${repository.world.sql({ ...skip, slot_due_at: at('18 08:39'), created_at: at('18 08:00'), expires_at: at('19 08:00') })}
  `
  return repository
}

const effectsOf = async ({ world, told, ...repository }: Repository): Promise<Effect[]> => {
  const [run] = await world.sql`select outcome from ledger.runs where job = 'test/dead' order by started_at limit 1`
  const [watch] = await world.sql`select holder from ledger.watch`
  const done: Record<Effect, boolean> = {
    'asks for what is overdue': dispatchesOf({ world, told, ...repository }, late) === 1,
    'gives up the dead run': run?.['outcome'] === 'abandoned',
    'tells what is overdue': told.some(({ message }) => message.incident.subject === 'test/late'),
    'lets the lease go': watch?.['holder'] === null,
  }
  return EFFECTS.filter((effect) => done[effect])
}

/** The faults of the database are over. */
async function mend(repository: Repository): Promise<void> {
  const { sql } = repository.world
  await sql.unsafe('drop function if exists public.refuse() cascade')
  const hidden = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'ledger' and table_name like '%\\_hidden'
  `
  for (const { name } of hidden) await sql.unsafe(`alter table ledger.${name} rename to ${name.replace('_hidden', '')}`)
  await sql`update ledger.watch set lease_until = clock_timestamp() - interval '1 second' where holder is not null`
  repository.github.forgive()
}

for (const { step, begin, spoils = [], ofGithub = false, mute = false } of FAULTS) {
  test(`a pass in which ${String(step)} ${begin === undefined ? '' : 'fails'}${String(begin).includes('hang') ? ' by silence' : ''}`, async () => {
    await using repository = await aTroubledRepository()
    const { github, world } = repository
    await using database = openDatabase(world.url, { deadlineMs: 2000 })
    const api = createGithubApi({ apiUrl: github.url, repository: github.repository, token: github.token, timeoutMs: A_SECOND }) // prettier-ignore
    const wish = { sql: database.sql, github: api, executor: createActionsExecutor(api), environment: 'production' }
    await world.sql`update ledger.watch set site_built_at = '2024-11-17T05:00Z'`
    await begin(world.sql, github)

    const report = await repository.pass(wish)

    const failed = report.failures.filter(({ step: name }) => step.test(name))
    assert.ok(failed.length > 0, JSON.stringify(report.failures))
    for (const { why } of failed) assert.match(why, /^(the database at|GitHub|writing incidents) .*\.$/)
    const expected = EFFECTS.filter((effect) => !spoils.includes(effect))
    const effects = await effectsOf(repository)
    assert.deepEqual(expected.filter((effect) => !effects.includes(effect)), []) // prettier-ignore
    const [pass] = await world.sql`select error, ended_at from ledger.passes`
    if (!/writing the pass/.test(String(step))) assert.match(String(pass?.['error']), new RegExp(step.source.slice(1)))
    if (ofGithub) {
      assert.deepEqual(sayTold(repository, 'ops/watch').filter((text) => text.startsWith('watch_failed')), []) // prettier-ignore
      await repository.runUntil('18 08:41:30')
      await world.sql`update ledger.runs set asked_at = null` // by the database's clock, which did not move
      await repository.pass(wish)
    }
    const toldOf = sayTold(repository, 'ops/watch').filter((text) => text.startsWith('watch_failed'))
    assert.equal(toldOf.length, mute ? 0 : 1, String(toldOf))

    await mend(repository)
    repository.at('18 09:50', () => repository.pass())
    await endStory(repository, '18 12:00')
    assert.ok(dispatchesOf(repository, late) <= 2)
    const well = sayTold(repository, 'ops/watch')
      .filter((text) => text.startsWith('watch_failed'))
      .at(-1)
    assert.equal(well, mute ? undefined : 'watch_failed well')
  })
}
