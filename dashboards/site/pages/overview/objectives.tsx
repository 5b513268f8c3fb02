// What the schedule is held to: for each objective its share, what was wanted, and how much of the error budget is used.

import { WORD_DAYS } from '../../../../src/core/windows.ts'
import { sayCount } from '../../../../src/core/wording.ts'
import type { Objective } from '../../../../src/views/overview/objectives.ts'
import { sayShare } from '../../kit/numbers.ts'
import { ShareBar } from '../../kit/share-bar.tsx'
import { State } from '../../kit/state.tsx'

const WORDS: Readonly<Record<Objective['of'], { name: string; href: string; none: string; short: string }>> = {
  slots: {
    name: 'Slots served in time',
    href: 'slots.html',
    none: 'no slot has ended yet',
    short: 'not served in time',
  },
  runs: {
    name: 'Runs that succeeded',
    href: 'failures.html#rates',
    none: 'no run has ended yet',
    short: 'did not succeed',
  },
  told: {
    name: 'Trouble told within 5 m',
    href: 'failures.html#incidents',
    none: 'there was none to tell',
    short: 'told later, or not at all',
  },
}

export function Objectives({ objectives }: { objectives: readonly Objective[] }) {
  return (
    <section aria-labelledby="objectives">
      <h2 id="objectives">Objectives ({WORD_DAYS} days)</h2>
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
  const { name, href, none, short } = WORDS[of]
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
          <strong>{sayShare(good / all)}</strong>
          <span class="faint">, {sayShare(wanted)} wanted</span>
          <span class="small">
            {lost === 0 ? 'none' : sayCount(lost)} of {sayCount(all)} {short}; {sayAllowed(allowed)}
          </span>
          <Budget lost={lost} allowed={allowed} />
        </dd>
      )}
    </div>
  )
}

function sayAllowed(allowed: number): string {
  if (allowed === 0) return 'too few yet to allow for one'
  return `${sayCount(allowed)} ${allowed === 1 ? 'is' : 'are'} allowed`
}

/** What fell short beside what was allowed to; nothing where there is neither. */
function Budget({ lost, allowed }: { lost: number; allowed: number }) {
  const parts = [
    { value: Math.min(lost, allowed), tone: 'warn', name: lost > allowed ? 'allowed' : 'used' },
    { value: Math.max(0, allowed - lost), tone: 'good', name: 'left' },
    { value: Math.max(0, lost - allowed), tone: 'bad', name: 'beyond' },
  ] as const
  return (
    <>
      <ShareBar parts={parts} />
      <span class="small faint">
        {parts.map(
          ({ value, tone, name }) =>
            value > 0 && (
              <>
                <span class={`swatch ${tone}`}>
                  {sayCount(value)} {name}
                </span>{' '}
              </>
            ),
        )}
      </span>
    </>
  )
}
