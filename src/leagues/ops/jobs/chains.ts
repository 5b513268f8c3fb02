// Decides which runs retention may remove. A chain of tries stays or goes whole: a success without the failures before it, or the
// other way round, would tell a story that never happened. Pure.

import { UNWELL } from '../../../core/run.ts'
import type { EndedRun } from '../../../ledger/retention.ts'

/** Runs linked by `retryOf`; the first is the one that continues none of the others. */
export type Chain = readonly [EndedRun, ...EndedRun[]]

export interface Rules {
  /** A chain that is not wholly over by then stays. */
  readonly endedBefore: Date
  /** By job: its chains that did not go well and whose newest run began before this are more than the cap. */
  readonly capFrom: ReadonlyMap<string, Date>
  /** Ids of runs by which a gate's question is answered. */
  readonly needed: ReadonlySet<string>
  /** Slots that wait or run, by slotKey: the next try continues the chain that is there. */
  readonly openSlots: ReadonlySet<string>
}

/** A slot as a member of `openSlots`. */
export function slotKey(job: string, dueAt: Date): string {
  return `${job} ${dueAt.toISOString()}`
}

/** Sorts runs into their chains. A run whose predecessor is not among them begins one. */
export function chainsOf(runs: readonly EndedRun[]): Chain[] {
  const byId = new Map(runs.map((run) => [run.id, run]))
  const chains = new Map<string, [EndedRun, ...EndedRun[]]>()
  for (const run of byId.values()) {
    const first = firstOf(run, byId)
    const chain = chains.get(first.id)
    if (chain === undefined) chains.set(first.id, [first])
    if (run !== first) chains.get(first.id)?.push(run)
  }
  return [...chains.values()]
}

function firstOf(run: EndedRun, byId: ReadonlyMap<string, EndedRun>): EndedRun {
  const parent = run.retryOf === undefined ? undefined : byId.get(run.retryOf)
  return parent === undefined ? run : firstOf(parent, byId)
}

/** May this chain go? */
export function isDeletable(chain: Chain, rules: Rules): boolean {
  if (!chain.every((run) => run.finishedAt !== undefined && run.finishedAt < rules.endedBefore)) return false
  if (chain.some((run) => rules.needed.has(run.id) || holdsOpenSlot(run, rules))) return false
  return !isKept(chain) || isOverCap(chain, rules)
}

function holdsOpenSlot({ job, slotDueAt }: EndedRun, { openSlots }: Rules): boolean {
  return slotDueAt !== undefined && openSlots.has(slotKey(job, slotDueAt))
}

function isKept(chain: Chain): boolean {
  return chain.some((run) => UNWELL.includes(run.outcome))
}

function isOverCap(chain: Chain, { capFrom }: Rules): boolean {
  const from = capFrom.get(chain[0].job)
  return from !== undefined && newestStart(chain) < from
}

/** When the newest run of a chain began. */
function newestStart(chain: Chain): Date {
  return chain.reduce((newest, run) => (run.startedAt > newest ? run.startedAt : newest), chain[0].startedAt)
}

/** The beginning of the newest run of the `cap`-th newest chain that did not go well; undefined when there are no more
 *  than `cap`. */
export function capFromOf(chains: readonly Chain[], cap: number): Date | undefined {
  const starts = chains
    .filter(isKept)
    .map(newestStart)
    .sort((a, b) => b.getTime() - a.getTime())
  return starts.length > cap ? starts[cap - 1] : undefined
}
