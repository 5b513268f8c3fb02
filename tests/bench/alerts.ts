// How soon people know: weeks of a repository under the models of GitHub's cron, with an outside clock and without one. All
// figures are measured, none is computed from a model. Takes minutes: `npm run bench -- alerts`.

import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

import { ROOT } from '../checks/files.ts'
import { openTestServer } from '../helpers/test-server.ts'
import { LATE_2026, MID_2026 } from '../simulation/lateness.ts'
import type { Account, Alert } from '../simulation/measure.ts'
import { quantile } from '../simulation/quantile.ts'

export interface AlertsWish {
  readonly seed: number
  readonly weeks: number
  /** Of the outside clock. */
  readonly clockMinutes: number
}

export interface AlertsFigure {
  readonly model: string
  readonly clockMinutes: number
  readonly weeks: number
  readonly account: Account
}

/** Simulates each model with the clock and without, two at a time. */
export async function benchAlerts({ seed, weeks, clockMinutes }: AlertsWish): Promise<AlertsFigure[]> {
  await using server = await openTestServer()
  const env = { ...process.env, MATCHDAY_TEST_SERVER: server.adminUrl, MATCHDAY_TEST_TEMPLATE: server.template }
  const figures: AlertsFigure[] = []
  for (const clock of [0, clockMinutes]) {
    const both = [MID_2026.name, LATE_2026.name].map(async (model) => {
      const account = await simulateApart([model, seed, weeks, clock].map(String), env)
      return { model, clockMinutes: clock, weeks, account }
    })
    figures.push(...(await Promise.all(both)))
  }
  return figures
}

async function simulateApart(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Account> {
  const options = { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit', 'pipe'] as const }
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/simulation/child.ts', ...args], {
    ...options,
    stdio: [...options.stdio],
  })
  const account = await text(child.stdio[3] as NodeJS.ReadableStream)
  if (account === '') throw new Error(`the simulation ${args.join(' ')} came to nothing`)
  return JSON.parse(account) as Account
}

/** A block of lines per simulation, for people. */
export function sayAlerts(figures: readonly AlertsFigure[]): string {
  return figures
    .map((figure) => {
      const clock =
        figure.clockMinutes === 0 ? 'no outside clock' : `an outside clock every ${figure.clockMinutes} minutes`
      const lines = linesOf(figure)
      const width = Math.max(...lines.map(([what]) => what.length))
      return [
        `${figure.model}, ${clock}, weeks: ${figure.weeks}`,
        ...lines.map(([what, value]) => `  ${what.padEnd(width)}  ${value}`),
      ]
    })
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

const TOLD_OF = ['failed', 'missed', 'overdue']

function linesOf({ account, clockMinutes, weeks }: AlertsFigure): [string, string][] {
  const alerts = account.alerts.filter(({ cause }) => TOLD_OF.includes(cause))
  const spared = alerts.filter(({ heldBack }) => heldBack)
  const rest = alerts.filter(({ heldBack }) => !heldBack)
  const somebody = rest.filter(({ processAlive }) => processAlive || clockMinutes > 0)
  const nobody = rest.filter((alert) => !somebody.includes(alert))
  const possible = account.inTime + account.lostToTheSchedule
  return [
    ['runs, passes', `${account.runs}, ${account.passes}`],
    ['failed runs, missed slots', `${account.failures}, ${account.missed}`],
    ['slots in a definite state', `${account.definite} of ${account.slots}, ${percent(account.definite / account.slots)}`],
    ['slots served twice', String(account.servedTwice)],
    ['served by their deadline', percent(account.inTime / account.slots)],
    ['  of those that no failed run was in the way of', percent(account.inTime / possible)],
    ['  by plain cron', `${percent(account.cronInTime)}; within the grace ${percent(account.cronInGrace)}`],
    ['minutes to the alert, somebody there', spread(somebody.filter(({ dispatchLate }) => !dispatchLate))],
    ['  GitHub was slow to dispatch', spread(somebody.filter(({ dispatchLate }) => dispatchLate))],
    ['minutes to the alert, nobody there', spread(nobody)],
    ['  channel was spared for an hour', spread(spared)],
    ['minutes from a runner’s death to the alert', quantiles(account.deaths)],
    ['wake-up gaps over 5 minutes', quantiles(account.gaps)],
    ['minutes between looks', quantiles(account.betweenLooks)],
    ['requests answered, gated', `${account.dispatches}, ${account.uselessDispatches}`],
    ['messages a week', `${(account.messages / weeks).toFixed(1)} (opened: ${byCause(account.alerts)})`],
  ] // prettier-ignore
}

const spread = (alerts: readonly Alert[]) => quantiles(alerts.map(({ minutes }) => minutes))

function quantiles(minutes: readonly number[]): string {
  if (minutes.length === 0) return 'none'
  const [p50, p95] = [0.5, 0.95].map((share) => quantile(minutes, share).toFixed(1))
  return `p50 ${p50}  p95 ${p95}  max ${Math.max(...minutes).toFixed(1)}  (${minutes.length})`
}

function byCause(alerts: readonly Alert[]): string {
  const counts = new Map<string, number>()
  for (const { cause } of alerts) counts.set(cause, (counts.get(cause) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([cause, count]) => `${cause} ${count}`)
    .join(', ')
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
