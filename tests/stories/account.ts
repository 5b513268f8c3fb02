// What must hold at the end of every story: no slot undefined, none served twice, nothing lost.

import assert from 'node:assert/strict'

import type { Sql } from '../../src/lib/db.ts'

/** Checks the whole account up to an instant: slots and runs tell one story, nothing past its deadline is still open, no
 *  incident is open twice, and no message is waiting for a channel that could take it. */
export async function checkAccount(sql: Sql, now: Date): Promise<void> {
  const twofold = await sql`
    select s.job, s.due_at, s.state, count(r.id) filter (where r.outcome in ('succeeded', 'partial')) as servings
    from ledger.slots s left join ledger.runs r on r.job = s.job and r.slot_due_at = s.due_at
    group by s.job, s.due_at
    having count(r.id) filter (where r.outcome in ('succeeded', 'partial')) <> (s.state = 'served')::integer
      or count(r.id) filter (where r.outcome = 'running') <> (s.state = 'running')::integer
  `
  assert.deepEqual([...twofold], [], 'slots and runs tell one story')
  const undefinedSlots = await sql`
    select job, due_at, state, deadline_at from ledger.slots
    where state in ('due', 'running') and deadline_at <= ${now}
  `
  assert.deepEqual([...undefinedSlots], [], 'every slot past its deadline is in a final state')
  const unexplained = await sql`
    select job, due_at, state from ledger.slots where state in ('missed', 'failed', 'waived', 'coalesced') and reason is null
  `
  assert.deepEqual([...unexplained], [], 'every slot that was not served says why')
  const running = await sql`
    select r.id, r.job from ledger.runs r
    where r.outcome <> 'running' and exists (select 1 from ledger.slots s where s.run_id = r.id and s.state = 'running')
  `
  assert.deepEqual([...running], [], 'no slot is held by a run that ended')
}
