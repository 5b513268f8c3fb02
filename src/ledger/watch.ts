// Keeps the row of ops-watch: the lease of the one pass that may act, the mark of whoever came too late, the poke that starts a pass, and
// the account of how long nobody looked.

import type { Sql } from 'postgres'

import { LedgerFailure } from '../core/errors.ts'

import { GAP_MINUTES } from '../core/windows.ts'
import { lastPossible } from './ahead.ts'

/** A poke that led to no pass within this is taken for lost: a dispatched pass begins within a minute or so, and one lost
 *  dispatch must not cost the five minutes. */
const POKE_LOST_MS = 2 * 60_000
/** A pass that has not renewed its lease for this long is gone. */
const PASS_LEASE_SECONDS = 120

export interface Look {
  readonly now: Date
  /** Who looks: a job's id, or `ops/watch`. */
  readonly by: string
  /** Something has just happened that only a pass can deal with. */
  readonly urgent: boolean
  /** A moment at which something will want a pass, that the last one could not know. */
  readonly expectAt?: Date | undefined
  /** Can whoever looks start a pass? Who cannot does not take the poke from those who can. */
  readonly mayPoke: boolean
}

/** Looks whether anything anywhere wants a pass, writes down that somebody looked, and takes the poke if it is to be sent:
 *  one statement, so that of many who look at once one pokes. True: send it. */
export async function look(sql: Sql, { now, by, urgent, expectAt, mayPoke }: Look): Promise<boolean> {
  const isLost = sql`coalesce(
    w.poked_at < ${new Date(now.getTime() - POKE_LOST_MS)} or w.poked_at > ${lastPossible(now)}, true
  )`
  const [row] = await sql<{ poke: boolean }[]>`
    with seen as (
      select looked_at, ${urgent}::boolean
        -- To look is to be seen: whoever comes after an hour starts no pass for that alone.
        or exists (select 1 from ledger.pass_wanted(${now}, true) where reason <> 'unseen')
        or exists (select 1 from ledger.incidents where subject = ${by} and closed_at is null) as wanted
      from ledger.watch
    ), gap as (
      insert into ledger.wake_up_gaps (began_at, ended_at, ended_by)
      select looked_at, ${now}, ${by} from seen where looked_at < ${new Date(now.getTime() - GAP_MINUTES * 60_000)}
      on conflict (began_at) do nothing
    ), told as (
      update ledger.watch w
      set looked_at = greatest(w.looked_at, ${now}),
        next_action_at = least(w.next_action_at, ${expectAt ?? null}),
        poked_at = case when ${mayPoke} and seen.wanted and ${isLost} then ${now} else w.poked_at end
      from seen
      where ${expectAt !== undefined} or coalesce(w.looked_at < ${new Date(now.getTime() - 60_000)}, true)
        or (${mayPoke} and seen.wanted and ${isLost})
      returning seen.wanted and ${mayPoke} and w.poked_at = ${now} as poke
    )
    select poke from told
  `
  return row?.poke ?? false
}

/** The stretch without a look that a look at this instant has ended. */
export async function findGapEnding(sql: Sql, endedAt: Date): Promise<{ beganAt: Date; endedAt: Date } | undefined> {
  const [row] = await sql<{ began_at: Date }[]>`
    select began_at from ledger.wake_up_gaps where ended_at = ${endedAt} order by began_at desc limit 1
  `
  return row && { beganAt: row.began_at, endedAt }
}

/** Gives a poke back that could not be sent, so that the next one who looks may try. */
export async function returnPoke(sql: Sql, pokedAt: Date): Promise<void> {
  await sql`update ledger.watch set poked_at = null where poked_at = ${pokedAt}`
}

/** Takes the lease for a pass; once more is harmless, for who did not hear the answer. False: another pass holds it, and now knows that it has to go round again. */
export async function takeLease(sql: Sql, holder: string): Promise<boolean> {
  // A lease that ends later than any of ours was taken while the clock was ahead.
  const isFree = sql`(
    holder is null or holder = ${holder} or lease_until < clock_timestamp()
    or lease_until > clock_timestamp() + make_interval(secs => ${2 * PASS_LEASE_SECONDS})
  )`
  for (let tries = 0; tries < 5; tries += 1) {
    const taken = await sql`
      update ledger.watch
      set holder = ${holder}, lease_until = clock_timestamp() + make_interval(secs => ${PASS_LEASE_SECONDS}), marked = false,
        poked_at = null
      where ${isFree}
    `
    if (taken.count === 1) return true
    const marked = await sql`
      update ledger.watch set marked = true, poked_at = null where not ${isFree}
    `
    // Neither: the holder has just let go.
    if (marked.count === 1) return false
  }
  throw new LedgerFailure('the lease of ops-watch can be neither taken nor marked: ledger.watch should have one row')
}

/** Keeps the lease; false when it is no longer ours, and then nothing more may be done. */
export async function renewLease(sql: Sql, holder: string): Promise<boolean> {
  const done = await sql`
    update ledger.watch set lease_until = clock_timestamp() + make_interval(secs => ${PASS_LEASE_SECONDS})
    where holder = ${holder}
  `
  return done.count === 1
}

/** Lets the lease go, with the instant as of which everything was judged, and the next moment at which something will want doing
 *  that the ledger does not show by itself. False while a late-comer's mark is there: then the mark is taken off and the pass goes round again. */
export async function releaseLease(
  sql: Sql,
  holder: string,
  { judgedAt, nextActionAt }: { judgedAt: Date; nextActionAt: Date | undefined },
): Promise<boolean> {
  const released = await sql`
    update ledger.watch
    set holder = null, lease_until = null, judged_at = ${judgedAt}, next_action_at = ${nextActionAt ?? null}
    where holder = ${holder} and not marked
  `
  if (released.count === 1) return true
  await sql`update ledger.watch set marked = false where holder = ${holder}`
  return false
}

/** Lets the lease go whatever marks are there: of a pass that cannot go on. */
export async function dropLease(sql: Sql, holder: string): Promise<void> {
  await sql`update ledger.watch set holder = null, lease_until = null, next_action_at = null where holder = ${holder}`
}

/** The next moment at which something known now will want a pass (`ledger.calls_for_pass`); of jobs that drop late slots, half of
 *  a grace too. */
export async function findNextAction(
  sql: Sql,
  after: Date,
  droppers: readonly string[] = [],
): Promise<Date | undefined> {
  const [row] = await sql<{ at: Date | null }[]>`
    select min(at) as at from (
      select at from ledger.calls_for_pass(${after}, 'infinity')
      union all
      select due_at + (grace_until - due_at) / 2 from ledger.slots
      where state = 'due' and job = any(${sql.array([...droppers])}::text[])
        and due_at + (grace_until - due_at) / 2 > ${after}
    ) moments
  `
  return row?.at ?? undefined
}

export interface PassStart {
  readonly id: string
  readonly trigger: 'schedule' | 'dispatch' | 'terminal'
  readonly actor: string | undefined
  readonly at: Date
  readonly githubRunId: string | undefined
}

/** Writes a pass down as begun. */
export async function insertPass(sql: Sql, pass: PassStart): Promise<void> {
  await sql`
    insert into ledger.passes (id, trigger, actor, began_at, github_run_id)
    values (${pass.id}, ${pass.trigger}, ${pass.actor ?? null}, ${pass.at}, ${pass.githubRunId ?? null})
  `
}

/** Writes down what had been wanting a pass when it began. Before it looks: then nothing is unseen any more. */
export async function noteWanted(sql: Sql, id: string, at: Date): Promise<void> {
  await sql`
    update ledger.passes set wanted_for = wish.reason, wanted_at = wish.since
    from ledger.pass_wanted(${at}, true) wish where id = ${id}
  `
}

/** Writes down how a pass ended. */
export async function endPass(
  sql: Sql,
  id: string,
  end: { at: Date; rounds: number; githubCalls: number; report: unknown; error: string | undefined },
): Promise<void> {
  await sql`
    update ledger.passes
    set ended_at = ${end.at}, rounds = ${end.rounds}, github_calls = ${end.githubCalls},
      report = ${sql.json(end.report as never)}, error = ${end.error ?? null}
    where id = ${id} and ended_at is null
  `
}

/** Did GitHub leave a question of the pass before this one unanswered too? */
export async function wasUnansweredBefore(sql: Sql, passId: string): Promise<boolean> {
  const [row] = await sql<{ unanswered: boolean }[]>`
    select jsonb_path_exists(report, '$[*].failures[*] ? (@.ofGithub == true)') as unanswered from ledger.passes
    where id <> ${passId} and rounds > 0
    order by began_at desc limit 1
  `
  return row?.unanswered ?? false
}
