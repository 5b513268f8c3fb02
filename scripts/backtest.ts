// `npm run backtest`: how well a league's models would have foretold past seasons, by its jobs' own functions.

import { ConfigFailure } from '../src/core/errors.ts'
import { leagues } from '../src/leagues/index.ts'
import { say, sayJson, showProgress } from '../src/lib/output.ts'
import { listenForEnd, runCommand } from './command.ts'

// The first that has models to try.
const league = leagues.find((one) => one.backtest !== undefined)
const backtest = await league?.backtest?.()

const HELP = `${backtest?.help ?? 'None of the leagues has models to try.'}
  --help

Exit code: 0 it ran; 1 it failed; 2 misuse.`

await runCommand({
  call: 'npm run backtest --',
  help: HELP,
  options: backtest?.options ?? {},
  async run(flags) {
    if (backtest === undefined) throw new ConfigFailure('none of the leagues has models to try')
    await backtest.run(flags, { addressOf, signal: listenForEnd(), say, sayJson, progress: showProgress })
  },
})

function addressOf(source: string): string | undefined {
  const variable = league?.sources.find(({ name }) => name === source)?.address
  return variable === undefined ? undefined : process.env[variable] || undefined
}
