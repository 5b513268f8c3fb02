// How well the schedule was looked after: passes of ops-watch, stretches in which nobody looked, runs that GitHub knows and
// the ledger does not, and the workflows' states.

import { after, DAY, HOUR, MINUTE, type Book } from './book.ts'
import type { Row } from './insert.ts'

export interface Watch {
  readonly passes: Row[]
  readonly gaps: Row[]
  readonly ghosts: Row[]
  readonly states: Row[]
}

/** Ninety days of passes (older ones are forgotten), a year of gaps. */
export function writeWatch(book: Book, files: readonly string[]): Watch {
  const { now, chance } = book
  const passes: Row[] = []
  const gaps: Row[] = []
  for (let at = after(now, -90 * DAY); at < now; at = after(at, Math.round(chance.logNormal(45, 0.9) * MINUTE))) {
    passes.push(aPass(book, at))
  }
  for (let at = after(now, -364 * DAY); at < now; at = after(at, Math.round(chance.logNormal(30, 0.8) * HOUR))) {
    const endedAt = after(at, Math.round(Math.min(chance.logNormal(28, 0.9), 400) * MINUTE + 5 * MINUTE))
    if (endedAt < now) gaps.push({ began_at: at, ended_at: endedAt, ended_by: chance.of(['ops/watch', 'nfl/predict']) })
    if (endedAt > at) at = endedAt
  }
  return { passes, gaps, ghosts: ghosts(book), states: states(book, files) }
}

function aPass({ chance }: Book, at: Date): Row {
  const trigger = chance.byWeight({ schedule: 2, dispatch: 7, terminal: 1 })
  return {
    id: chance.uuid(),
    trigger,
    actor: trigger === 'dispatch' ? chance.of(['github-actions[bot]', 'outside-clock']) : null,
    began_at: at,
    ended_at: after(at, chance.between(900, 9_000)),
    recorded_at: at,
    rounds: chance.is(0.1) ? 2 : 1,
    github_calls: chance.between(2, 9),
    report: { requests: chance.is(0.1) ? 1 : 0, abandoned: 0 },
    error: chance.is(0.01) ? 'GitHub answered 502' : null,
    github_run_id: 9_100_000_000 + Math.floor(at.getTime() / 1000 - 1_700_000_000),
  }
}

function ghosts({ now, chance }: Book): Row[] {
  return ['startup_failure', 'cancelled', 'failure', 'timed_out'].map((conclusion, i) => {
    const createdAt = after(now, -(i * 17 + 3) * DAY)
    const id = 9_200_000_000 + chance.between(1, 99_999)
    return {
      github_run_id: id,
      github_attempt: 1,
      file: '.github/workflows/nfl-bronze.yml',
      job: 'nfl/bronze',
      event: 'schedule',
      conclusion,
      created_at: createdAt,
      seen_at: after(createdAt, 20 * MINUTE),
      url: `https://github.com/example/matchday/actions/runs/${id}`,
    }
  })
}

function states({ now }: Book, files: readonly string[]): Row[] {
  return files.map((file, i) => ({
    file,
    state: i === 0 ? 'disabled_manually' : 'active',
    since_at: after(now, -40 * DAY),
    seen_at: after(now, -HOUR),
  }))
}
