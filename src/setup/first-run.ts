// The first run: what set-up asks for in the person's name, so that a new repository comes to its first rows without waiting for a
// cron line. For each root, in the order of what leagues read, with everything that depends on it.

import type { AnyJob } from '../core/job.ts'
import { insertRequest, isUnderWay } from '../ledger/requests.ts'
import { hasEverSucceeded } from '../ledger/slots.ts'
import type { CatalogJob } from '../schedule/catalog.ts'
import type { Sql } from '../lib/db.ts'
import { missing, ok, type Finding } from './advice.ts'

type Root = Pick<AnyJob, 'id' | 'needs' | 'reads'>

/** The jobs that wait for no other, of those that are on: who reads another league's rows comes after that league. */
export function rootsInOrder(jobs: readonly Root[], on: readonly string[]): string[] {
  const depth = (id: string, seen: readonly string[]): number => {
    const job = jobs.find((one) => one.id === id)
    if (job === undefined || seen.includes(id)) return 0
    const before = [...seen, id]
    const reads = (job.reads ?? []).map((read) => 1 + depth(read, before))
    return Math.max(0, ...reads, ...Object.keys(job.needs).map((need) => depth(need, before)))
  }
  const roots = jobs.filter(({ id, needs }) => on.includes(id) && Object.keys(needs).length === 0)
  return roots.map(({ id }) => id).toSorted((a, b) => depth(a, []) - depth(b, []))
}

export interface FirstWish {
  readonly jobs: readonly AnyJob[]
  /** As the workflows state them, those of the leagues that are on. */
  readonly on: readonly CatalogJob[]
  readonly actor: string
  readonly at: Date
}

/** The roots that have never come to anything, in order. */
async function listNeverRun(sql: Sql, { jobs, on }: Pick<FirstWish, 'jobs' | 'on'>): Promise<string[]> {
  const never: string[] = []
  for (const job of rootsInOrder(jobs, on.map(({ id }) => id))) if (!(await hasEverSucceeded(sql, job))) never.push(job) // prettier-ignore
  return never
}

/** The roots that have never come to anything, and that nobody has asked for. */
export async function listUnasked(sql: Sql, wish: Pick<FirstWish, 'jobs' | 'on'>): Promise<string[]> {
  const unasked: string[] = []
  for (const job of await listNeverRun(sql, wish)) if (!(await isUnderWay(sql, job))) unasked.push(job)
  return unasked
}

/** Asks for each root that has never come to anything, unless it is asked for already. Returns them all. */
export async function askForFirstRuns(sql: Sql, { jobs, on, actor, at }: FirstWish): Promise<string[]> {
  const roots = await listNeverRun(sql, { jobs, on })
  for (const job of roots) {
    if (await isUnderWay(sql, job)) continue
    const cascades = on.some(({ id, inputs }) => id === job && inputs.some(({ name }) => name === 'cascade'))
    const parameters = cascades ? { cascade: true } : {}
    await insertRequest(sql, {
      job,
      kind: 'manual',
      reason: `set up by ${actor}: its first run`,
      parameters,
      actor,
      at,
    })
  }
  return roots
}

/** What became of the wish: ops-watch was woken, there is no token to wake it with, nobody is there to wish, or GitHub said no. */
export type Began = 'woken' | 'no token' | 'nobody' | { readonly refusal: string }

/** How the first run comes. Nothing is said once every root has come to something. */
export function adviseFirstRuns(roots: readonly string[], { actor, how }: { actor: string; how: Began }): Finding[] {
  if (roots.length === 0) return []
  const [first = ''] = roots
  const which = roots.length === 1 ? first : `${roots.slice(0, -1).join(', ')} and ${roots.at(-1) ?? ''}`
  if (how === 'nobody')
    return [missing(`${which} never ran: to begin, a person starts Actions → ops-setup → Run workflow.`)]
  const asked = `${which} ${roots.length === 1 ? 'is' : 'are'} asked for in the name of ${actor}, with all that depends on them`
  if (how === 'woken')
    return [ok(`${asked}: ops-watch was woken and starts them now, and each of the rest once what it needs is there.`)]
  if (how === 'no token')
    return [ok(`${asked}: the next pass of ops-watch starts them; npm run watch makes one at once.`)]
  return [missing(`${asked}, but ops-watch could not be woken: ${how.refusal} Start Actions → ops-watch → Run workflow; otherwise its next hour begins them.`)] // prettier-ignore
}
