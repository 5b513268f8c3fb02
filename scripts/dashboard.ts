// `npm run dashboard`: builds the static site from the ledger and the lake into a folder.

import { environmentOf, openApp } from '../src/app.ts'
import { jobs } from '../src/leagues/index.ts'
import { parseEnv } from '../src/lib/env.ts'
import { say } from '../src/lib/output.ts'
import { listenForEnd, runCommand } from './command.ts'
import { buildSite, writeSite } from './dashboard/build-site.ts'
import { readContext } from './dashboard/context.ts'

const HELP = `Builds the static site from the ledger and the lake.

Usage: npm run dashboard -- [--out site] [--environment development]

  --out FOLDER         where the site is written; replaced whole (default: site)
  --environment NAME   which environment the database must belong to`

await runCommand({
  call: 'npm run dashboard --',
  help: HELP,
  options: { out: { type: 'string' }, environment: { type: 'string' } },
  async run({ out = 'site', environment: asked }) {
    const env = parseEnv(process.env)
    const environment = environmentOf(env, asked)
    const projectRoot = process.cwd()
    await using app = await openApp({
      env,
      jobs,
      environment,
      projectRoot,
      cancelled: listenForEnd(),
      write: () => undefined,
    })
    const { lake, now } = app.parts
    const site = await readContext(lake, { env, environment, now, jobs, workflows: projectRoot })
    const files = await buildSite(lake, site, { databaseUrl: env.DATABASE_URL })
    await writeSite(out, files)
    say(`● ${files.length} files in ${out}: open ${out}/index.html`)
  },
})
