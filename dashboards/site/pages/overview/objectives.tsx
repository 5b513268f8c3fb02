// What the schedule is held to: for each objective its share, what was wanted, and how much of the error budget is used.

import type { Objective } from '../../../../src/views/objectives.ts'
import { sayCount, sayShare } from '../../kit/numbers.ts'
import { ShareBar } from '../../kit/share-bar.tsx'
import { State } from '../../kit/state.tsx'

const WORDS: Readonly<Record<Objective['of'], { name: string; href: string; none: string }>> = {
  slots: { name: 'Slots served in time', href: 'slots.html', none: 'no slot has ended yet' },
  runs: { name: 'Runs that succeeded', href: 'failures.html#rates', none: 'no run has ended yet' },
  told: { name: 'Trouble told within 5 m', href: 'failures.html#incidents', none: 'there was none to tell' },
}

export function Objectives({ objectives }: { objectives: readonly Objective[] }) {
  return (
    <section aria-labelledby="objectives">
      <h2 id="objectives">Objectives (30 days)</h2>
      <dl class="tiles">
        {objectives.map((objective) => (
          <Tile objective={objective} />
        ))}
      </dl>
    </section>
  )
}

function Tile({ objective }: { objective: Objective }) {
  const { of, all, good, wanted, allowed } = objective
  const { name, href, none } = WORDS[of]
  const lost = all - good
  return (
    <div>
      <dt>
        <a href={href}>{name}</a>
      </dt>
      {all === 0 ? (
        <dd class="faint">{none}</dd>
      ) : (
        <dd>
          <State {...(lost <= allowed ? { state: 'served', word: 'kept' } : { state: 'missed', word: 'not kept' })} />{' '}
          <strong>{sayShare(good / all)}</strong>{' '}
          <span class="faint">
            of {sayCount(all)}, {sayShare(wanted)} wanted
          </span>
          <ShareBar parts={[{ value: Math.min(lost, allowed), tone: 'warn' }, { value: Math.max(0, allowed - lost), tone: 'good' }, { value: Math.max(0, lost - allowed), tone: 'bad' }]} />
          <span class="small">{sayBudget(lost, allowed)}</span>
        </dd>
      )}
    </div>
  )
} // prettier-ignore

function sayBudget(lost: number, allowed: number): string {
  if (lost > allowed) return `${sayCount(lost)} fell short, ${sayCount(allowed)} allowed: ${sayCount(lost - allowed)} too many`
  if (allowed === 0) return 'none fell short; too few yet to allow for one'
  return `${sayCount(lost)} fell short, ${sayCount(allowed)} allowed: ${sayCount(allowed - lost)} left`
} // prettier-ignore
