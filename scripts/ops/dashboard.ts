// ops-dashboard: builds the site, checks that it may be published, and says whether GitHub Pages is on. Every night, and
// after an incident opened or closed. That it was built is remembered by site-built.ts, once people can see it.

import type { SiteFile } from '../../dashboards/site/build.ts'
import { checkSite } from '../../dashboards/site/check.ts'
import { environmentOf, openApp } from '../../src/app.ts'
import { openGithub } from '../../src/app/watch.ts'
import { JobFailure } from '../../src/core/errors.ts'
import { escapeMarkdown } from '../../src/core/markup.ts'
import { jobs } from '../../src/leagues/index.ts'
import { checkDatabase } from '../../src/ledger/migrate.ts'
import { parseEnv, type Env } from '../../src/lib/env.ts'
import { annotate, putOut, say, summarise } from '../../src/lib/output.ts'
import { findTokens } from '../../src/lib/secret-shapes.ts'
import { createOwnSecretFinder } from '../../src/lib/secrets.ts'
import { checkRef, readEvent } from '../../src/runner/github.ts'
import { refuseOldCheckout } from '../../src/setup/old-checkout.ts'
import { listenForEnd, runCommand } from '../command.ts'
import { buildSite, writeSite } from '../dashboard/build-site.ts'
import { readContext } from '../dashboard/context.ts'
import { askPages } from './pages.ts'

const HELP = `Builds the site into a folder, checks that it may be published, and says whether GitHub Pages is on.

Usage: node --import tsx scripts/ops/dashboard.ts [--out site] [--environment production]

Exit code: 0 it may be published; 1 it may not, could not be built, or GitHub did not say whether Pages is on; 2 misuse.`

const SHOWN = 20

await runCommand({
  call: 'scripts/ops/dashboard.ts',
  help: HELP,
  options: { out: { type: 'string' }, environment: { type: 'string' } },
  run: ({ out = 'site', environment }) => publish(out, environment),
})

async function publish(out: string, asked: string | undefined): Promise<number> {
  const env = parseEnv(process.env)
  const environment = environmentOf(env, asked)
  checkRef(env, environment, readEvent(env))
  const cancelled = listenForEnd()
  const { files, builtAt, hidden } = await buildChecked(out, { env, environment, cancelled })
  const bytes = files.reduce((all, { text }) => all + Buffer.byteLength(text), 0)
  const pages = await askPages(env, cancelled)
  await tell(env, [
    `● ${files.length.toLocaleString('en-US')} files, ${(bytes / 1e6).toFixed(1)} MB: every link leads somewhere, nothing is secret`,
    ...(hidden.length > 0 ? [`▲ values that may be secrets are *** on the site: ${hidden.join(', ')}. Look in the ledger whether one is, and revoke it`] : []), // prettier-ignore
    pages.sentence,
  ])
  putOut(env, { pages: pages.on, built_at: builtAt.toISOString() })
  return pages.on === 'unknown' ? 1 : 0
}

interface Building {
  readonly env: Env
  readonly environment: string
  readonly cancelled: AbortSignal
}

interface Built {
  readonly files: readonly SiteFile[]
  /** What it shows the state of. */
  readonly builtAt: Date
  /** How many values may have been secrets and are `***` now, by the page group. */
  readonly hidden: readonly string[]
}

/** Writes a site that may be published; throws and leaves the old one otherwise. */
async function buildChecked(out: string, { env, environment, cancelled }: Building): Promise<Built> {
  const projectRoot = process.cwd()
  const options = { env, jobs, environment, projectRoot, cancelled, write: () => undefined }
  await using app = await openApp(options)
  await checkDatabase(app.parts.ledger, environment)
  await refuseOldCheckout(env, { sql: app.parts.ledger, github: openGithub(env), workflow: 'ops-dashboard' })
  const { lake, now } = app.parts
  const site = await readContext(lake, { env, environment, now, jobs, workflows: projectRoot })
  const hidden: string[] = []
  const replaced = (group: string, count: number) => hidden.push(`${count.toLocaleString('en-US')} on ${group}`)
  const files = await buildSite(lake, site, { databaseUrl: env.DATABASE_URL, replaced })
  // The build has hidden what looks like a secret in a row: what has the form of one now could not be hidden. A stack trace of
  // a laptop's run names its folders; that is no reason to keep a site back, nor is a guess over what stands beside what.
  const own = createOwnSecretFinder(process.env)
  const secrets = (text: string) => [...own(text), ...findTokens(text)]
  const problems = checkSite(files, { repositoryUrl: site.repositoryUrl, sources: site.sources, findSecrets: secrets })
  if (problems.length === 0) {
    await writeSite(out, files)
    return { files, builtAt: now, hidden }
  }
  const more = problems.length > SHOWN ? `\n... and ${problems.length - SHOWN} more` : ''
  throw new JobFailure(`the site may not be published as it is:\n${problems.slice(0, SHOWN).join('\n')}${more}`)
}

/** Also as an annotation, where something went wrong: the run is red, and its page should say why. */
async function tell(env: Env, lines: readonly string[]): Promise<void> {
  say(lines.join('\n'))
  for (const line of lines.filter((line) => line.startsWith('✕ '))) annotate('error', line.slice(2), { on: env })
  await summarise(env, `## ops-dashboard\n\n${lines.map((line) => `- ${escapeMarkdown(line)}`).join('\n')}`)
}
