// `npm run history`: a database full of a plausible history, to look at the site with.

import { runCommand } from '../../scripts/command.ts'
import { localDatabase } from '../../src/app.ts'
import { ConfigFailure } from '../../src/core/errors.ts'
import { describeUrl } from '../../src/lib/db.ts'
import { joinEmbeddedPostgres } from '../../src/lib/embedded-postgres.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

import { ENVIRONMENT, refill } from './database.ts'

const HELP = `Fills a database with a plausible history, the same for the same seed, number and instant.

Usage: npm run history -- [--runs 5000] [--seed 7] [--now 2026-11-22T12:00:00Z] [--database URL]

  --runs NUMBER     about so many runs, up to 1,000,000 (default: 5000)
  --seed NUMBER     another number is another history (default: 7)
  --now INSTANT     the history ends here (default: the database's clock)
  --database URL    an empty database, or one that held a history before (default: the embedded server's matchday_history)

Then, for the embedded one: npm run dashboard -- --environment history
(or pictures of every page: node --import tsx tests/e2e/screenshots.ts --out ../shots)`

await runCommand({
  call: 'npm run history --',
  help: HELP,
  options: {
    runs: { type: 'string' },
    seed: { type: 'string' },
    now: { type: 'string' },
    database: { type: 'string' },
  },
  async run({ runs = '5000', seed = '7', now, database }) {
    const wish = { runs: toNumber('runs', runs), seed: toNumber('seed', seed), now: now === undefined ? undefined : new Date(now) } // prettier-ignore
    if (database !== undefined) {
      console.log(`● ${await refill(database, wish)} runs in ${describeUrl(database)}`)
      return
    }
    await using server = await joinEmbeddedPostgres({ projectRoot: PROJECT_ROOT })
    const name = localDatabase(ENVIRONMENT)
    await server.ensureDatabase(name)
    console.log(`● ${await refill(server.urlOf(name), wish)} runs in ${describeUrl(server.urlOf(name))}`)
    console.log(
      '  The embedded server ends with the last command that uses it: npm run dashboard -- --environment history',
    )
  },
})

function toNumber(flag: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0)
    throw new ConfigFailure(`--${flag} is "${text}"; expected a whole number`, { code: 'bad_parameter' })
  return value
}
