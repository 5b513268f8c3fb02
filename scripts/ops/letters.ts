// `npm run letters`: the items that failed and wait for somebody, to be tried again or dismissed.

import { ConfigFailure } from '../../src/core/errors.ts'
import { actOnLedger } from '../ledger.ts'
import { LETTER_ACTS } from './letter-acts.ts'
import { runWords } from './word-command.ts'

const HELP = `Dead letters: items that failed, until somebody tries them again or dismisses them.

Usage: npm run letters -- [act] [letters] [options]

  list [--job JOB]              the open ones, the latest first; also without any act
  retry 12,13 --why "..."       asks for a run that tries only these again, of one job at a time, and wakes ops-watch
                                (here and now, without asking: npm run job JOB -- --retry 12,13)
  dismiss 12 --why "..."        closes them: nobody is to try again

  --environment NAME   which environment the database must belong to
  --json               the answer as one line of JSON
  --help

Exit code: 0 done; 1 it failed, or the job is asked for already; 2 misuse.`

const options = {
  job: { type: 'string' },
  why: { type: 'string' },
  environment: { type: 'string' },
  json: { type: 'boolean' },
} as const

await runWords({
  call: 'npm run letters --',
  help: HELP,
  options,
  async run(words, { environment, json = false, ...flags }) {
    const [name = 'list', letters, ...rest] = words
    const act = LETTER_ACTS[name]
    if (act === undefined || rest.length > 0) {
      throw new ConfigFailure(`"${words.join(' ')}" is not understood: expected list, retry 12,13 or dismiss 12. See npm run letters -- --help.`, { code: 'bad_parameter' }) // prettier-ignore
    }
    await actOnLedger(act({ ...flags, letters }), { environment, json })
  },
})
