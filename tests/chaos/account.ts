// What a chaos run must leave behind, and what it left: the promises, each with a count that has to be nought.

import { countRows, differences, readContent, type Difference, type Lake } from './lake.ts'
import { offencesOf, type Ended, type Offence } from './processes.ts'
import type { ChaosServer } from './server.ts'

export interface Account {
  readonly seed: number
  readonly seconds: number
  readonly weeks: number
  readonly processes: number
  readonly faults: Readonly<Record<string, number>>
  readonly slots: Readonly<Record<string, number>>
  readonly lakeRows: number
  readonly broken: Readonly<Record<Broken, number>>
  /** A line each, the first of every kind. */
  readonly examples: readonly string[]
}

export type Broken =
  'failed' | 'missed' | 'open' | 'doubled' | 'lost' | 'crash' | 'stack' | 'secret' | 'hung' | 'exit' | 'lake'

const MEANING: Readonly<Record<Broken, string>> = {
  failed: 'slots failed for good',
  missed: 'slots missed',
  open: 'slots due and not accounted for',
  doubled: 'slots served twice',
  lost: 'runs that succeeded and are not kept as such',
  crash: 'uncaught errors',
  stack: 'raw stacks',
  secret: 'lines with a password',
  hung: 'processes that hung',
  exit: 'exit codes that no trouble explains',
  lake: 'tables that differ from a calm run',
}

const PER_KIND = 3

/** Collects what processes printed while they end, and at last reads the ledger. */
export function createAccountant(password: string) {
  const offences: (Offence & { script: string })[] = []
  const claims = new Set<string>()
  let processes = 0
  return {
    add(ended: Ended): void {
      processes += 1
      for (const offence of offencesOf(ended, password)) offences.push({ ...offence, script: ended.script })
      for (const run of succeededRuns(ended.lines)) claims.add(run)
    },
    async close(facts: Closing): Promise<Account> {
      const ledger = await readLedger(facts.server, facts.database, [...claims])
      const lake = await readContent(facts.server, facts.database)
      const differing = differences(facts.calm, lake)
      const counted = Object.fromEntries(
        (['crash', 'stack', 'secret', 'hung', 'exit'] as const).map((kind) => [kind, offences.filter((one) => one.kind === kind).length]),
      ) as Record<Offence['kind'], number> // prettier-ignore
      const { slots, examples, ...broken } = ledger
      return {
        ...facts.told,
        processes,
        slots,
        lakeRows: countRows(lake),
        broken: { ...broken, ...counted, lake: differing.length },
        examples: [...examples, ...firstOffences(offences), ...differing.map(sayDifference)],
      }
    },
  }
}

export interface Closing {
  readonly server: ChaosServer
  readonly database: string
  readonly calm: Lake
  readonly told: Pick<Account, 'seed' | 'seconds' | 'weeks' | 'faults'>
}

/** The runs whose own process said that they succeeded: it says so only once that is written down. */
function succeededRuns(lines: readonly string[]): string[] {
  const running = new Map<string, string>()
  return lines.flatMap((line) => {
    const [, job, run] = /job\.start job=(\S+) .*\brun=(\S+)/.exec(line) ?? []
    if (job !== undefined && run !== undefined) running.set(job, run)
    const [, ended] = /job\.end job=(\S+) outcome=succeeded/.exec(line) ?? []
    return running.get(ended ?? '') ?? []
  })
}

async function readLedger(server: ChaosServer, database: string, claims: readonly string[]) {
  return await server.asAdmin(async (sql) => {
    const states = await sql<{ state: string; slots: number }[]>`
      select state, count(*)::integer as slots from ledger.slots
      where due_at <= (select max(due_at) from ledger.slots where state = 'served')
      group by state order by state
    `
    const doubled = await sql<{ slot: string }[]>`
      select job || ' ' || slot_due_at as slot from ledger.runs
      where slot_due_at is not null and outcome in ('succeeded', 'partial')
      group by job, slot_due_at having count(*) > 1
    `
    const lost = await sql<{ run: string }[]>`
      select claim || ' ' || coalesce(outcome, 'is not there') as run
      from jsonb_array_elements_text(${sql.json([...claims])}) claim left join ledger.runs on id = claim::uuid
      where outcome is distinct from 'succeeded' and outcome is distinct from 'partial'
    `
    const bad = await sql<{ told: string }[]>`
      select state || ': ' || job || ' ' || due_at || ': ' || coalesce(reason, 'no reason kept') as told from ledger.slots
      where state in ('failed', 'missed') order by due_at
    `
    const slots = Object.fromEntries(states.map(({ state, slots: count }) => [state, count]))
    return {
      slots,
      failed: slots['failed'] ?? 0,
      missed: slots['missed'] ?? 0,
      open: (slots['due'] ?? 0) + (slots['running'] ?? 0),
      doubled: doubled.length,
      lost: lost.length,
      examples: [...bad.map(({ told }) => told), ...doubled.map(({ slot }) => `served twice: ${slot}`), ...lost.map(({ run }) => `lost: ${run}`)], // prettier-ignore
    }
  }, database)
}

function firstOffences(offences: readonly (Offence & { script: string })[]): string[] {
  const seen = new Map<string, number>()
  return offences.flatMap(({ kind, script, line }) => {
    const nth = (seen.get(kind) ?? 0) + 1
    seen.set(kind, nth)
    return nth <= PER_KIND ? [`${kind}: ${script}: ${line}`] : []
  })
}

function sayDifference({ table, lost, extra, example }: Difference): string {
  return `lake: ${table} lacks ${lost} rows and has ${extra} others: ${example.slice(0, 600)}`
}

/** Was every promise kept? */
export function isKept({ broken }: Account): boolean {
  return Object.values(broken).every((count) => count === 0)
}

/** The account for people. */
export function sayAccount(account: Account): string {
  const { seed, seconds, weeks, processes, faults, slots, lakeRows } = account
  const total = Object.values(faults).reduce((sum, count) => sum + count, 0)
  return [
    '',
    `Chaos, seed ${seed}: ${Math.round(seconds)} s of faults over ${weeks} simulated weeks, in ${processes} processes`,
    `Faults ${total}: ${Object.entries(faults).map(([name, count]) => `${name} ${count}`).join(', ')}`,
    `Slots: ${Object.entries(slots).map(([state, count]) => `${state} ${count}`).join(', ')}; ${lakeRows} different rows in the lake`,
    '',
    ...Object.entries(MEANING).map(([kind, meaning]) => {
      const count = account.broken[kind as Broken]
      return `${count === 0 ? '●' : '✕'} ${String(count).padStart(4)}  ${meaning}`
    }),
    ...(account.examples.length === 0 ? [] : ['', ...account.examples]),
  ].join('\n') // prettier-ignore
}
