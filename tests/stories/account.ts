// What must hold at the end of every story: no slot undefined, none served twice, nothing lost, nobody left untold.

import assert from 'node:assert/strict'

import type { Sql } from '../../src/lib/db.ts'
import type { Repository } from '../helpers/repository.ts'
import { after, instantOf } from './stage.ts'

/** Lets everything happen up to an instant; then two more passes, an hour apart, for what had to wait; then checks. */
export async function endStory(repository: Repository, when: string | Date): Promise<void> {
  await repository.runUntil(when)
  for (const minutes of [0, 61]) {
    await repository.runUntil(after(instantOf(when), minutes))
    await repository.pass()
    await repository.runUntil(after(instantOf(when), minutes + 2))
  }
  await checkAccount(repository.world.sql, repository.now())
  await checkDispatches(repository)
}

/** Checks the whole account up to an instant: slots, runs, requests and messages tell one story. */
export async function checkAccount(sql: Sql, now: Date): Promise<void> {
  await checkSlots(sql, now)
  await checkRequests(sql, now)
  await checkMessages(sql, now)
}

/** No slot undefined, none served twice. */
export async function checkSlots(sql: Sql, now: Date): Promise<void> {
  const twofold = await sql`
    select s.job, s.due_at, s.state, count(r.id) filter (where r.outcome in ('succeeded', 'partial')) as servings
    from ledger.slots s left join ledger.runs r on r.job = s.job and r.slot_due_at = s.due_at
    group by s.job, s.due_at
    having count(r.id) filter (where r.outcome in ('succeeded', 'partial')) <> (s.state = 'served')::integer
      or count(r.id) filter (where r.outcome = 'running') <> (s.state = 'running')::integer
  `
  assert.deepEqual([...twofold], [], 'slots and runs tell one story')
  const strangers = await sql`
    select s.job, s.due_at, s.started_at, r.started_at as ran_at, r.outcome
    from ledger.slots s left join ledger.runs r on r.id = s.run_id
    where s.state = 'served'
      and (r.slot_due_at is distinct from s.due_at or r.outcome is distinct from s.outcome or r.started_at <> s.started_at)
  `
  assert.deepEqual([...strangers], [], 'a served slot names the run that served it')
  const undefinedSlots = await sql`
    select job, due_at, state, deadline_at from ledger.slots
    where state in ('due', 'running') and deadline_at <= ${now}
  `
  assert.deepEqual([...undefinedSlots], [], 'every slot past its deadline is in a final state')
  const unexplained = await sql`
    select job, due_at, state from ledger.slots where state in ('missed', 'failed', 'waived', 'coalesced') and reason is null
  `
  assert.deepEqual([...unexplained], [], 'every slot that was not served says why')
  const held = await sql`
    select r.id, r.job from ledger.runs r
    where r.outcome <> 'running' and exists (select 1 from ledger.slots s where s.run_id = r.id and s.state = 'running')
  `
  assert.deepEqual([...held], [], 'no slot is held by a run that ended')
  const endless = await sql`
    select job, started_at from ledger.runs where outcome = 'running' and started_at < ${after(now, -24 * 60)}
  `
  assert.deepEqual([...endless], [], 'no run goes on for ever')
}

/** No request lost, none that asks for what is over. */
export async function checkRequests(sql: Sql, now: Date): Promise<void> {
  const silent = await sql`
    select job, kind, state, note from ledger.requests
    where (state = 'done' and run_id is null) or (state = 'dropped' and note is null)
      or (state in ('done', 'dropped') and ended_at is null)
  `
  assert.deepEqual([...silent], [], 'every request that ended names its run, or says why there is none')
  const twice = await sql`
    select job, count(*) from ledger.requests where state in ('open', 'sent')
    group by job, case when kind in ('manual', 'cascade') then parameters end having count(*) > 1
  `
  assert.deepEqual([...twice], [], 'a job is asked for once at a time, and each wish once')
  const pointless = await sql`
    select q.job, q.slot_due_at, q.state from ledger.requests q
    join ledger.slots s on s.job = q.job and s.due_at = q.slot_due_at
    where q.state in ('open', 'sent') and q.next_try_at <= ${now} and s.state not in ('due', 'running')
  `
  assert.deepEqual([...pointless], [], 'no request outlives its slot')
}

async function checkMessages(sql: Sql, now: Date): Promise<void> {
  const untold = await sql`
    select f.subject, f.old_health, f.new_health, f.flipped_at from ledger.flips f
    where f.told_at is null and not exists (
      select 1 from ledger.deliveries d where d.flip_id = f.id and d.state = 'due' and d.next_try_at > ${now}
    )
  `
  assert.deepEqual([...untold], [], 'people were told of every flip, or will be')
  const open = await sql`
    select subject, cause, count(*) from ledger.incidents where closed_at is null group by subject, cause having count(*) > 1
  `
  assert.deepEqual([...open], [], 'no trouble is open twice')
}

/** GitHub was asked no more often than was written down before, and what it was asked for came to something. */
async function checkDispatches({ world, github, now }: Repository): Promise<void> {
  const rows = await world.sql<{ job: string; tries: number }[]>`
    select job, sum(tries)::integer as tries from ledger.requests group by job
  `
  for (const file of new Set(github.dispatches.map(({ workflow }) => workflow))) {
    if (file === 'ops-watch.yml') continue
    const written = rows.find(({ job }) => `${job.replace('/', '-')}.yml` === file)?.tries ?? 0
    const sent = github.dispatches.filter(({ workflow }) => workflow === file).length
    assert.ok(sent <= written, `${file} was dispatched ${sent} times, and ${written} were written down`)
  }
  const queued = github.runs.filter(({ status }) => status !== 'completed').map(({ id }) => id)
  const dangling = await world.sql`
    select job, sent_at from ledger.requests
    where state = 'sent' and sent_at < ${after(now(), -60)} and not coalesce(reference = any(${world.sql.array(queued)}), false)
  `
  assert.deepEqual([...dangling], [], 'no request waits for an hour for a run that GitHub does not have')
}
