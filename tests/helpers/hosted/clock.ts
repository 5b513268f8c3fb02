// One clock for everybody in a test: the processes' (moved-clock.ts), the database's and GitHub's. It goes on by itself, and is moved
// ahead over the hours in which nothing happens.

import type { Sql } from '../../../src/lib/db.ts'

export interface MovedClock {
  now(): Date
  /** How far it is from the machine's, for a process that begins now. */
  offsetMs(): number
  /** Moves it ahead to an instant; back it never goes. */
  moveTo(instant: Date): Promise<void>
}

/** A clock that says `start` now. Every session of the database that begins from now on reads it, but for functions that see the
 *  server's own schema alone: to ledger.pass_wanted every run that is under way looks silent, and so a pass comes that would not. */
export async function aMovedClock(sql: Sql, start: Date): Promise<MovedClock> {
  const [row] = await sql<{ name: string }[]>`select current_database() as name`
  await sql.unsafe(`
    create table public.moved_clock (ms bigint not null);
    insert into public.moved_clock values (0);
    create function public.clock_timestamp() returns timestamptz language sql volatile
      as $$ select pg_catalog.clock_timestamp() + (select ms from public.moved_clock) * interval '1 millisecond' $$;
    create function public.now() returns timestamptz language sql stable
      as $$ select pg_catalog.now() + (select ms from public.moved_clock) * interval '1 millisecond' $$;
    alter database "${row?.name ?? ''}" set search_path = public, pg_catalog;
  `)
  let offset = 0
  const setTo = async (instant: Date) => {
    offset = instant.getTime() - Date.now()
    await sql`update public.moved_clock set ms = ${Math.round(offset)}`
  }
  await setTo(start)
  return {
    now: () => new Date(Date.now() + offset),
    offsetMs: () => offset,
    async moveTo(instant) {
      if (instant.getTime() > Date.now() + offset) await setTo(instant)
    },
  }
}
