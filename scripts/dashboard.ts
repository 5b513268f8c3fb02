// `npm run dashboard`: builds the static site from the ledger and the lake into a folder.

import { environmentOf, openApp } from '../src/app.ts'
import { isOnActions, parseEnv, type Env } from '../src/lib/env.ts'
import { jobs } from '../src/pipelines/index.ts'
import { readCatalog } from '../src/schedule/catalog.ts'
import { toViewJob, type ViewContext } from '../src/views/context.ts'
import { listenForEnd, runCommand } from './command.ts'
import { buildSite, writeSite } from './dashboard/site.ts'

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
    const files = await buildSite(app.parts.lake, await toSite(env, { environment, now: app.parts.now, projectRoot }))
    await writeSite(out, files)
    console.log(`● ${files.length} files in ${out}: open ${out}/index.html`)
  },
})

async function toSite(
  env: Env,
  { environment, now, projectRoot }: { environment: string; now: Date; projectRoot: string },
): Promise<ViewContext> {
  const catalog = await readCatalog(projectRoot, jobs)
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env
  return {
    now,
    environment,
    jobs: jobs.map((job) =>
      toViewJob(
        job,
        catalog.jobs.find(({ id }) => id === job.id),
      ),
    ),
    repositoryUrl: isOnActions(env) && server && repository ? `${server}/${repository}` : undefined,
    commit: env.GITHUB_SHA,
    zone: 'America/New_York',
    simulated: false,
  }
}
