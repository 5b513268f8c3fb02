// The variable LEAGUES switches a league off whose cron lines are in force, or says what nobody can have meant. Told once, of
// the watch: otherwise slot after slot would be skipped, or missed, with nobody knowing why.

import { WATCH } from '../../core/incident.ts'
import { sayList } from '../../core/wording.ts'
import type { HealthFacts } from '../health-facts.ts'
import type { Finding, Rule } from './rule.ts'

const WHERE = 'Settings → Secrets and variables → Actions → Variables'

export const leaguesOff: Rule = ({ leagues, now }) => {
  if (leagues === undefined) return []
  const off = leagues.off.filter(({ lines }) => lines > 0)
  const found = { subject: WATCH, runId: undefined, slotDueAt: undefined, knowableAt: now }
  return [...mistaken(leagues).map((one) => ({ ...found, ...one })), ...(off.length === 0 ? [] : [{ ...found, ...switchedOff(leagues.said, off) }])] // prettier-ignore
}

type Words = Pick<Finding, 'severity' | 'title' | 'detail'>
type Leagues = NonNullable<HealthFacts['leagues']>

function mistaken({ problem }: Leagues): Words[] {
  if (problem === undefined) return []
  return [
    {
      severity: 'critical',
      title:
        'The variable LEAGUES says what nobody can have meant: GitHub runs other leagues than the schedule expects',
      detail: `${problem}. All cron lines stay in force, so what GitHub does not run will be missed. Mend the variable: ${WHERE}.`,
    },
  ]
}

function switchedOff(said: string, off: Leagues['off']): Words {
  const lines = off.reduce((sum, one) => sum + one.lines, 0)
  const names = sayList(
    off.map(({ league }) => league),
    3,
  )
  const jobs = sayList(
    off.flatMap((one) => one.jobs),
    3,
  )
  return {
    severity: 'warning',
    title: `LEAGUES switches off ${names}, and ${lines === 1 ? 'a cron line is' : `${lines} cron lines are`} still in force: what is due of ${lines === 1 ? 'it' : 'them'} is skipped`,
    detail: `${said}, so GitHub runs nothing of ${jobs}. If that is meant, run ops-setup: it ends the lines. If not, name the league again: ${WHERE}.`,
  }
}
