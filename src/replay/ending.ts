// Prints the end of a replay: the ledger's own account of the window's slots.

import { glyphOf, sayDuration, sayInstant, sayLateness } from '../core/wording.ts'
import type { SlotAccount } from '../ledger/replay.ts'

/** The account of every slot of the window: states, lateness, and that none was served twice. */
export function sayAccount(slots: readonly SlotAccount[], zone: string): string {
  const lines = slots.map((slot) => {
    const when = sayInstant(slot.dueAt, zone).replace(/ \d{4} /, ' ')
    const lateness =
      slot.startedAt && slot.state === 'served' ? sayLateness(slot.startedAt.getTime() - slot.dueAt.getTime()) : ''
    const early = lateness.endsWith('early')
    const what = slot.state === 'served' && slot.outcome === 'partial' ? 'partial' : slot.state
    return `${glyphOf(early ? 'early' : what)} ${slot.job.padEnd(14)}${when.padEnd(28)}${what.padEnd(11)}${lateness || (slot.reason ?? '')}`.trimEnd()
  })
  return [...lines, '', sayTotals(slots)].join('\n')
}

function sayTotals(slots: readonly SlotAccount[]): string {
  const states = new Map<string, number>()
  for (const slot of slots) states.set(slot.state, (states.get(slot.state) ?? 0) + 1)
  const counts = [...states].map(([state, count]) => `${count} ${state}`).join(', ')
  const served = slots.filter((slot) => slot.state === 'served')
  const late = served.map(({ startedAt, dueAt }) => (startedAt ?? dueAt).getTime() - dueAt.getTime())
  const worst = Math.max(0, ...late)
  const twice = slots.filter((slot) => slot.servings > 1).length
  const open = slots.filter((slot) => slot.state === 'due' || slot.state === 'running').length
  return `${slots.length} ${slots.length === 1 ? 'slot' : 'slots'}: ${counts}. Served twice: ${twice}. Without a definite state: ${open}. Latest start: ${worst === 0 ? 'on time' : sayDuration(worst) + ' late'}.`
}
