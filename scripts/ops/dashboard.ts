// ops-dashboard: builds the site, checks that it may be published, and says whether GitHub Pages is on. Every night, and
// after an incident opened or closed.

import { appendFileSync } from 'node:fs'

import type { SiteFile } from '../../dashboards/site/build.ts'
import { checkSite } from '../../dashboards/site/check.ts'
import { environmentOf, GITHUB_API, openApp } from '../../src/app.ts'
import { JobFailure, toErrorRecord } from '../../src/core/errors.ts'
import { escapeMarkdown } from '../../src/core/markup.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { isOnActions, parseEnv, type Env } from '../../src/lib/env.ts'
import { createOwnSecretFinder } from '../../src/lib/own-secrets.ts'
import { findSecrets, MACHINE_PATH } from '../../src/lib/secret-shapes.ts'
import { checkDatabase } from '../../src/ledger/migrate.ts'
import { recordSiteBuild } from '../../src/ledger/site.ts'
import { jobs } from '../../src/pipelines/index.ts'
import { checkRef, readEvent } from '../../src/runner/github.ts'
import { listenForEnd, runCommand } from '../command.ts'
import { readContext } from '../dashboard/context.ts'
import { buildSite, writeSite } from '../dashboard/site.ts'

const HELP = `Builds the site into a folder, checks that it may be published, and says whether GitHub Pages is on.

Usage: node --import tsx scripts/ops/dashboard.ts [--out site] [--environment production]

Exit code: 0 it may be published; 1 it may not, or could not be built; 2 misuse.`

const SHOWN = 20

await runCommand({
  call: 'scripts/ops/dashboard.ts',
  help: HELP,
  options: { out: { type: 'string' }, environment: { type: 'string' } },
  run: ({ out = 'site', environment }) => publish(out, environment),
})

async function publish(out: string, asked: string | undefined): Promise<void> {
  const env = parseEnv(process.env)
  const environment = environmentOf(env, asked)
  checkRef(env, environment, readEvent(env))
  const files = await buildChecked(out, env, environment)
  const bytes = files.reduce((all, { text }) => all + Buffer.byteLength(text), 0)
  const pages = await hasPages(env)
  tell(env, [
    `● ${files.length.toLocaleString('en-US')} files, ${(bytes / 1e6).toFixed(1)} MB: every link leads somewhere, nothing is secret`,
    pages === true ? '● GitHub Pages is on: the site is deployed next' : `– ${pages}: the site is kept as the artifact "site" of this run`, // prettier-ignore
  ])
  if (env.GITHUB_OUTPUT !== undefined) appendFileSync(env.GITHUB_OUTPUT, `pages=${String(pages === true)}\n`)
}

/** Writes a site that may be published, and remembers it; throws and leaves the old one otherwise. */
async function buildChecked(out: string, env: Env, environment: string): Promise<SiteFile[]> {
  const projectRoot = process.cwd()
  const options = { env, jobs, environment, projectRoot, cancelled: listenForEnd(), write: () => undefined }
  await using app = await openApp(options)
  await checkDatabase(app.parts.ledger, environment)
  const { lake, now } = app.parts
  const site = await readContext(lake, { env, environment, now, jobs, workflows: projectRoot })
  const files = await buildSite(lake, site)
  // A stack trace of a laptop's run names its folders; that is no reason to keep a site back.
  const shapes = (text: string) => findSecrets(text).filter(({ kind }) => kind !== MACHINE_PATH)
  const own = createOwnSecretFinder(process.env)
  const secrets = (text: string) => [...own(text), ...shapes(text)]
  const problems = checkSite(files, { repositoryUrl: site.repositoryUrl, findSecrets: secrets })
  if (problems.length === 0) {
    await writeSite(out, files)
    await recordSiteBuild(app.parts.ledger, now)
    return files
  }
  const more = problems.length > SHOWN ? `\n... and ${problems.length - SHOWN} more` : ''
  throw new JobFailure(`the site may not be published as it is:\n${problems.slice(0, SHOWN).join('\n')}${more}`)
}

/** True, or why not. */
async function hasPages(env: Env): Promise<true | string> {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: apiUrl = GITHUB_API } = env
  if (token === undefined || repository === undefined) return 'GitHub was not asked whether Pages is on'
  try {
    const { hasPages: on } = await createGithubApi({ apiUrl, repository, token }).readRepository()
    return on || 'GitHub Pages is off (Settings → Pages → Source: GitHub Actions)'
  } catch (error) {
    // Without an answer nothing is deployed, and the site is still there to be downloaded.
    return `GitHub did not say whether Pages is on (${toErrorRecord(error).message})`
  }
}

function tell(env: Env, lines: readonly string[]): void {
  console.log(lines.join('\n'))
  if (!isOnActions(env) || env.GITHUB_STEP_SUMMARY === undefined) return
  appendFileSync(env.GITHUB_STEP_SUMMARY, `## ops-dashboard\n\n${lines.map((line) => `- ${escapeMarkdown(line)}`).join('\n')}\n`) // prettier-ignore
}
