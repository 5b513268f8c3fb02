// Break-glass: pause, waive or force past the schedule, each with a name, a reason and an end. From a terminal, or from the
// workflow ops-override, which also reaches the dead letters.

import { ConfigFailure } from '../../src/core/errors.ts'
import { parseEnv, type Env } from '../../src/lib/env.ts'
import { actOnLedger, dispatchInputs, type Act } from '../ledger.ts'
import { LETTER_ACTS } from './letter-acts.ts'
import { OVERRIDE_ACTS } from './override-acts.ts'
import { runWords } from './word-command.ts'

const HELP = `Goes round the schedule, on the record: who, why, and until when.

Usage: npm run override -- <act> [job] [options]

  pause JOB|all --for 6h --why "..."      nothing of it is started until then; what is running goes on
  resume JOB|all                          ends its pauses and waives; slots that were waived stay so
  waive JOB|all --for 24h --why "..."     its waiting slots due until then are closed, and those to come
  waive JOB --slot INSTANT --why "..."    one slot, such as 2026-11-24T13:07:00Z
  run JOB --why "..."                     asks for a run past every gate, and wakes ops-watch to start it
                                          (here and now, without asking: npm run job JOB -- --force)
  list [--all]                            what is in force; with --all what is over too

  --for DURATION       90m, 6h or 2d; at most 30d
  --environment NAME   which environment the database must belong to
  --json               the answer as one line of JSON
  --help

Exit code: 0 done; 1 it failed, or the job is asked for already; 2 misuse.`

const options = {
  for: { type: 'string' },
  slot: { type: 'string' },
  why: { type: 'string' },
  all: { type: 'boolean' },
  environment: { type: 'string' },
  json: { type: 'boolean' },
} as const

await runWords({
  call: 'npm run override --',
  help: HELP,
  options,
  async run(words, { environment, json = false, ...flags }) {
    const inputs = dispatchInputs()
    if (inputs) {
      refuseRepeated(inputs, parseEnv(process.env))
      return await actOnLedger(actOfInputs(inputs), { environment: inputs['environment'], json })
    }
    const [name, job, ...rest] = words
    if (rest.length > 0) throw new ConfigFailure(`"${rest.join(' ')}" is one word too many. See npm run override -- --help.`, { code: 'bad_parameter' }) // prettier-ignore
    return await actOnLedger(actOf(name, OVERRIDE_ACTS)({ job, ...flags }), { environment, json })
  },
})

function actOf<W>(name: string | undefined, acts: Readonly<Record<string, (wish: W) => Act>>): (wish: W) => Act {
  const act = name === undefined ? undefined : acts[name]
  if (act) return act
  const found = name === undefined ? 'nothing was asked for' : `"${name}" is no act`
  throw new ConfigFailure(`${found}: expected ${Object.keys(acts).join(', ')}. See npm run override -- --help.`, { code: 'bad_parameter' }) // prettier-ignore
}

/** `pause`, or `letters: retry`. The form of a workflow shows every input to every act: what an act does not use is empty. */
function actOfInputs(inputs: Readonly<Record<string, string>>): Act {
  const { action = '', job, for: duration, slot, why, letters } = inputs
  const [, letterAct] = /^letters: (.+)$/.exec(action) ?? []
  if (letterAct !== undefined) return actOf(letterAct, LETTER_ACTS)({ letters, why })
  return actOf(action, OVERRIDE_ACTS)({ job, for: duration, slot, why })
}

/** "Re-run jobs" brings an old wish again, which would undo what was asked for since. What changes nothing may be asked for again. */
function refuseRepeated(
  { action = '' }: Readonly<Record<string, string>>,
  { GITHUB_RUN_ATTEMPT: attempt = 1 }: Env,
): void {
  if (attempt < 2 || action.endsWith('list')) return
  throw new ConfigFailure(
    `"${action}" is not done again because its run was started again (attempt ${attempt}): what people have asked for since would be undone. Nothing was changed. If it is still wanted: Actions → ops-override → Run workflow.`,
    { code: 'started_again' },
  )
}
