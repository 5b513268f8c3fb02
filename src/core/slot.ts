// Slots: their states, and the pure decisions which one a wake-up may take and what becomes of the ones it passes over.

export type SlotState = 'due' | 'running' | 'served' | 'failed' | 'missed' | 'coalesced' | 'waived'

/** What to do about several slots waiting: serve the newest and coalesce the rest, each in turn, or drop the late ones. */
export type MissedPolicy = 'latest' | 'each' | 'skip'

/** Begun earlier than this before its moment, a served slot is early. */
export const EARLY_MINUTES = 1
/** Begun later than this after its moment, it is late. */
export const LATE_MINUTES = 5

/** 'fresh': the parent's latest slot at or before ours must be served. 'any': some success ever will do. */
export type Need = 'fresh' | 'any'

/** A slot as the decisions see it. Instants are schedule time. */
export interface Slot {
  readonly job: string
  readonly dueAt: Date
  readonly state: SlotState
  /** When it came into this state, where that was read. */
  readonly changedAt?: Date
  /** Of a served one: was its run dispatched by a token? Then GitHub wakes no child at its end. */
  readonly byToken?: boolean
}

/** What is known of one parent at decision time. */
export interface ParentState {
  readonly job: string
  readonly need: Need
  /** The parent's latest slot with due_at at or before the child's, if it has one. Only looked at for 'fresh'. */
  readonly latestSlot: Slot | undefined
  /** Did the parent ever succeed? Only looked at for 'any'. */
  readonly everServed: boolean
}

/** A parent in the way of a slot: who, and in which state its own slot is. */
export interface Obstacle {
  readonly parent: string
  readonly why: string
}

/** The parents that keep a slot from being ready. A parent without any slot yet is no obstacle: nothing was asked of it. */
function obstacles(parents: readonly ParentState[]): Obstacle[] {
  return parents.flatMap((parent) => {
    const why = parent.need === 'any' ? whyNeverServed(parent) : whyNotServed(parent.latestSlot)
    return why === undefined ? [] : [{ parent: parent.job, why }]
  })
}

function whyNeverServed(parent: ParentState): string | undefined {
  return parent.everServed ? undefined : `${parent.job} has never succeeded yet`
}

function whyNotServed(slot: Slot | undefined): string | undefined {
  if (slot === undefined || slot.state === 'served') return undefined
  return `${slot.job} of ${slot.dueAt.toISOString()} is ${slot.state}`
}

/** A waiting slot with what decides whether it may be taken. */
export interface Candidate {
  readonly slot: Slot
  readonly parents: readonly ParentState[]
  /** Are we woken by a chain from a parent whose own slot for this one is served? Only then may a slot be taken early. */
  readonly chained: boolean
  /** After this instant 'skip' drops the slot. */
  readonly graceUntil: Date
}

export interface Choice {
  /** The slot to take; undefined when nothing is ready. */
  readonly take: Slot | undefined
  readonly coalesce: readonly Slot[]
  readonly miss: readonly Slot[]
  /** Why nothing (more) is ready, for the person who reads the summary. */
  readonly waiting: readonly Obstacle[]
}

/** Which slot a wake-up takes, by policy. `candidates` are the job's due slots up to now and the next one after now. */
export function chooseSlot(policy: MissedPolicy, candidates: readonly Candidate[], now: Date): Choice {
  const byTime = [...candidates].sort((a, b) => a.slot.dueAt.getTime() - b.slot.dueAt.getTime())
  const open = byTime.filter((c) => c.slot.state === 'due')
  const miss = policy === 'skip' ? open.filter((c) => c.graceUntil < now && c.slot.dueAt <= now) : []
  const considered = open.filter((c) => !miss.includes(c))
  const ready = considered.filter((c) => isReady(c, now))
  const take = policy === 'each' ? ready[0] : ready.at(-1)
  const passedOver = take && policy !== 'each' ? considered.filter((c) => c.slot.dueAt < take.slot.dueAt) : []
  return {
    take: take?.slot,
    // Older slots that the taken one makes pointless, the blocked among them too: the newest answer covers them.
    coalesce: passedOver.map((c) => c.slot),
    miss: miss.map((c) => c.slot),
    waiting: considered.filter((c) => c.slot.dueAt <= now).flatMap((c) => obstacles(c.parents)),
  }
}

/** When a slot counts as overdue: its grace, counted from its moment or, if that was later, from when its parents were
 *  served. Undefined while a parent is in the way: then nothing can be expected of it. */
export function graceOverAt(candidate: Candidate): Date | undefined {
  if (obstacles(candidate.parents).length > 0) return undefined
  const { dueAt } = candidate.slot
  const served = candidate.parents.map(({ latestSlot }) => latestSlot?.changedAt?.getTime() ?? 0)
  const graceMs = candidate.graceUntil.getTime() - dueAt.getTime()
  return new Date(Math.max(dueAt.getTime(), ...served) + graceMs)
}

/** A chain that fires has woken the child by then, so that it is not billed twice. */
const CHAIN_COMES_WITHIN_MS = 5 * 60_000

/** From when on a slot that a served parent leads to is started by us, early or not, should the chain not have come: at once
 *  where it cannot. Undefined: no chain leads to it, or a parent is in the way. `chainedTo` are the jobs whose end wakes it. */
export function chainOverAt(candidate: Candidate, chainedTo: readonly string[]): Date | undefined {
  if (!candidate.chained || obstacles(candidate.parents).length > 0) return undefined
  const last = candidate.parents
    .flatMap(({ job, need, latestSlot }) =>
      need === 'fresh' && chainedTo.includes(job) && latestSlot ? latestSlot : [],
    )
    .reduce<Slot | undefined>((a, b) => (a && servedAt(a) >= servedAt(b) ? a : b), undefined)
  if (last?.changedAt === undefined) return undefined
  return new Date(servedAt(last) + (last.byToken === true ? 0 : CHAIN_COMES_WITHIN_MS))
}

const servedAt = ({ changedAt }: Slot) => changedAt?.getTime() ?? 0

/** Ready: due with its parents served; or early, when a served parent chains to it. */
function isReady(candidate: Candidate, now: Date): boolean {
  const due = candidate.slot.dueAt <= now
  return (due || candidate.chained) && obstacles(candidate.parents).length === 0
}
