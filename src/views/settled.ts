// Moments to come that are settled ahead of time: served early, waived by a person, covered by another.

import type { Sql } from 'postgres'

import type { ViewContext } from './context.ts'

/** Is this slot, that is due only later, nobody's to serve any more? */
export type Settled = (job: string, dueAt: Date) => boolean

/** Reads what the ledger has settled of what is still to come. */
export async function readSettled(sql: Sql, { jobs, now }: Pick<ViewContext, 'jobs' | 'now'>): Promise<Settled> {
  const rows = await sql<{ job: string; due_at: Date }[]>`
    select job, due_at from ledger.slots
    where job = any(${jobs.map(({ id }) => id)}) and due_at > ${now} and state <> 'due'
  `
  const known = new Set(rows.map(({ job, due_at }) => keyOf(job, due_at)))
  return (job, dueAt) => known.has(keyOf(job, dueAt))
}

const keyOf = (job: string, dueAt: Date) => `${job} ${dueAt.getTime()}`
