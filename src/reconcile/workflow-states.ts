// The workflows as GitHub has them: which are switched off, which fell asleep and are enabled again, and what keeps them awake.

import { DISABLED_AFTER, isQuiet } from '../core/quiet.ts'
import {
  explainOverdue,
  findWatchTimes,
  keepWorkflowStates,
  listSwitchedOff,
  markKeptAwake,
  markStatesRead,
  waiveOfJob,
} from '../ledger/github.ts'
import type { GithubSide } from './github-side.ts'

const STATES_EVERY_MS = 60 * 60_000

type State = { readonly file: string; readonly state: string }

/** Asks for the workflows' states, at most once an hour; wakes those that fell asleep, each by itself. Returns the files
 *  enabled again. */
export async function readStates(side: GithubSide & { readonly keepAwake: boolean }): Promise<string[]> {
  const { sql, github, now, steps, keepAwake } = side
  const { statesAt, keptAwakeAt } = await findWatchTimes(sql)
  if (statesAt && now.getTime() - statesAt.getTime() < STATES_EVERY_MS) return []
  const before = steps.failures.length
  const states = await github.listWorkflows()
  const lastCommitAt = await steps.askGithub('asking GitHub for the last commit', () => github.lastCommitAt(), undefined) // prettier-ignore
  const repository = await steps.askGithub('asking GitHub for the repository', () => github.readRepository(), undefined)
  const publicRepository = repository && !repository.private
  await keepWorkflowStates(sql, states, { at: now, lastCommitAt, publicRepository })
  const enabled: string[] = []
  for (const { file } of states.filter(({ state }) => state === DISABLED_AFTER)) {
    const wake = () => enableAgain(side, file)
    if (await steps.askGithub(`enabling ${file} again`, wake, false)) enabled.push(file)
  }
  if (keepAwake && lastCommitAt && isQuiet({ publicRepository, lastCommitAt, keptAwakeAt, now }))
    await keepActive(side, states)
  if (steps.failures.length === before) await markStatesRead(sql, now)
  return enabled
}

async function enableAgain({ sql, github, now, jobOfFile }: GithubSide, file: string): Promise<boolean> {
  const job = jobOfFile.get(file)
  if (job) await explainOverdue(sql, job, { reason: 'GitHub had disabled the workflow for inactivity', now })
  await github.enableWorkflow(file)
  return true
}

/** Enables what is active: nothing changes but when GitHub last saw somebody at it. Only whoever has set KEEP_AWAKE wants it. */
async function keepActive({ sql, github, now, steps }: GithubSide, states: readonly State[]): Promise<void> {
  let kept = true
  for (const { file } of states.filter(({ state }) => state === 'active')) {
    const enable = async () => {
      await github.enableWorkflow(file)
      return true
    }
    kept = (await steps.askGithub(`keeping ${file} awake`, enable, false)) && kept
  }
  if (kept) await markKeptAwake(sql, now)
}

/** Waives what is due of jobs whose workflow a person, or the fork, has switched off. Returns how many slots. */
export async function waiveSwitchedOff({
  sql,
  now,
  jobOfFile,
}: Pick<GithubSide, 'sql' | 'now' | 'jobOfFile'>): Promise<number> {
  let waived = 0
  for (const { file, state } of await listSwitchedOff(sql)) {
    const job = jobOfFile.get(file)
    if (job) waived += await waiveOfJob(sql, job, { reason: `${file} is ${state}: nobody is to serve it`, now })
  }
  return waived
}
