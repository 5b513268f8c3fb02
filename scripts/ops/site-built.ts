// The last step of ops-dashboard: remembers the site as built, once it was deployed or kept. Before that an incident is on no
// page that anybody can see, however good the site is that shows it.

import { environmentOf, openApp } from '../../src/app.ts'
import { ConfigFailure, JobFailure } from '../../src/core/errors.ts'
import { jobs } from '../../src/leagues/index.ts'
import { checkDatabase } from '../../src/ledger/migrate.ts'
import { recordSiteBuild } from '../../src/ledger/site-builds.ts'
import { parseEnv } from '../../src/lib/env.ts'
import { say } from '../../src/lib/output.ts'
import { checkRef, readEvent } from '../../src/runner/github.ts'
import { listenForEnd, runCommand } from '../command.ts'

const HELP = `Remembers the site as built as of SITE_BUILT_AT, which scripts/ops/dashboard.ts put out.

Usage: SITE_BUILT_AT=2026-11-22T05:09:00Z node --import tsx scripts/ops/site-built.ts [--environment production]

Exit code: 0 it is remembered; 1 it is not; 2 misuse.`

await runCommand({
  call: 'scripts/ops/site-built.ts',
  help: HELP,
  options: { environment: { type: 'string' } },
  run: ({ environment }) => remember(environment),
})

async function remember(asked: string | undefined): Promise<void> {
  const env = parseEnv(process.env)
  const environment = environmentOf(env, asked)
  checkRef(env, environment, readEvent(env))
  const { SITE_BUILT_AT: builtAt } = env
  if (builtAt === undefined) throw unusable('is empty')
  const options = { env, jobs, environment, projectRoot: process.cwd(), cancelled: listenForEnd(), write: () => undefined } // prettier-ignore
  await using app = await openApp(options)
  const { ledger, now } = app.parts
  await checkDatabase(ledger, environment)
  // Kept, it would let no build count before it has passed.
  if (builtAt > now) throw unusable(`is ${builtAt.toISOString()}, which has not come yet`)
  const remembered = await recordSiteBuild(ledger, builtAt)
  if (remembered > builtAt)
    throw new JobFailure(
      `a site as of ${remembered.toISOString()} is remembered, which is newer than this one of ${builtAt.toISOString()}: nothing was changed. If an old run was started again, its site may lie over the newer one: Actions → ops-dashboard → Run workflow.`,
      { code: 'older_site' },
    )
  say(`● the site is remembered as built as of ${builtAt.toISOString()}`)
}

function unusable(found: string): ConfigFailure {
  return new ConfigFailure(`SITE_BUILT_AT ${found}: expected the instant that scripts/ops/dashboard.ts put out as built_at`) // prettier-ignore
}
