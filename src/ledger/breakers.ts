// Breakers of sources, in Postgres: what one runner's failures teach, all know. Which step follows is decided in
// core/breaker.ts.

import type { Sql, TransactionSql } from 'postgres'

import { afterFailure, closedBreaker, type Breaker, type SeenBreaker } from '../core/breaker.ts'

interface BreakerRow {
  source: string
  state: Breaker['state']
  failures: number
  trials: number
  opened_at: Date | null
  try_at: Date | null
  reason: string | null
}

/** The breakers of these sources that are not closed and calm; a source without a row never failed. */
export async function listBreakers(sql: Sql, sources: readonly string[]): Promise<SeenBreaker[]> {
  if (sources.length === 0) return []
  const rows = await sql<(BreakerRow & { on_trial: boolean; trial_run_id: string | null })[]>`
    select b.source, b.state, b.failures, b.trials, b.opened_at, b.try_at, b.reason, b.trial_run_id,
      exists (select 1 from ledger.runs r where r.id = b.trial_run_id and r.outcome = 'running') as on_trial
    from ledger.breakers b
    where b.source = any(${sql.array([...sources])}) and b.state <> 'closed'
  `
  return rows.map((row) => ({ ...toBreaker(row), onTrial: row.on_trial, trialRunId: row.trial_run_id ?? undefined }))
}

function toBreaker(row: BreakerRow): Breaker {
  return {
    source: row.source,
    state: row.state,
    failures: row.failures,
    trials: row.trials,
    openedAt: row.opened_at ?? undefined,
    tryAt: row.try_at ?? undefined,
    reason: row.reason ?? undefined,
  }
}

/** Makes a run the one that may try a source whose breaker was seen not to block; false when the breaker is not as it was
 *  seen: another run may try now, or has already. To be called in the transaction that begins the run, so that nobody ever
 *  sees the one without the other. */
export async function claimTrial(tx: TransactionSql, seen: SeenBreaker, runId: string): Promise<boolean> {
  const done = await tx`
    update ledger.breakers
    set state = 'half_open', trial_run_id = ${runId}, updated_at = clock_timestamp()
    where source = ${seen.source} and state = ${seen.state} and trial_run_id is not distinct from ${seen.trialRunId ?? null}
  `
  return done.count === 1
}

/** Writes down what a run learnt of its sources: which failed it, and which answered. */
export async function noteSources(
  sql: Sql,
  seen: { failed: ReadonlyMap<string, string>; answered: readonly string[]; at: Date },
): Promise<void> {
  if (seen.failed.size === 0) return await noteAnswers(sql, seen.answered)
  const all = [...new Set([...seen.failed.keys(), ...seen.answered])].sort()
  await sql.begin(async (tx) => {
    // Whatever is touched below is there and locked, in one order: a row that comes later could not be.
    for (const source of all) {
      await tx`insert into ledger.breakers (source, state) values (${source}, 'closed') on conflict (source) do nothing`
    }
    await tx`select 1 from ledger.breakers where source = any(${tx.array(all)}) order by source for update`
    for (const source of [...seen.failed.keys()].sort())
      await noteFailure(tx, source, { reason: seen.failed.get(source) ?? '', at: seen.at })
    await noteAnswers(tx, seen.answered)
  })
}

async function noteAnswers(sql: Sql | TransactionSql, answered: readonly string[]): Promise<void> {
  if (answered.length === 0) return
  await sql`
    with troubled as (
      select source from ledger.breakers
      where source = any(${sql.array([...answered])}) and (state <> 'closed' or failures > 0)
      order by source
      for update
    )
    update ledger.breakers b
    set state = 'closed', failures = 0, trials = 0, trial_run_id = null, opened_at = null, try_at = null, reason = null,
      updated_at = clock_timestamp()
    from troubled
    where b.source = troubled.source and (b.state <> 'closed' or b.failures > 0)
  `
}

async function noteFailure(
  tx: TransactionSql,
  source: string,
  { reason, at }: { reason: string; at: Date },
): Promise<void> {
  const [row] = await tx<BreakerRow[]>`
    select source, state, failures, trials, opened_at, try_at, reason from ledger.breakers where source = ${source}
  `
  const next = afterFailure(row ? toBreaker(row) : closedBreaker(source), reason, at)
  await tx`
    update ledger.breakers
    set state = ${next.state}, failures = ${next.failures}, trials = ${next.trials}, trial_run_id = null,
      opened_at = ${next.openedAt ?? null}, try_at = ${next.tryAt ?? null}, reason = ${next.reason ?? null},
      updated_at = clock_timestamp()
    where source = ${source}
  `
}
