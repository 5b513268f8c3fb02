// The recipe "Add a job" of CONTRIBUTING, followed to the letter in a copy of this repository.

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { listProjectFiles, ROOT } from '../checks/files.ts'

export interface Copy extends Disposable {
  readonly root: string
}

/** Everything that git knows of this checkout, or would, in a folder of its own, with the same packages. */
export function aCopy(): Copy {
  const root = mkdtempSync(join(tmpdir(), 'matchday-copy-'))
  for (const file of listProjectFiles()) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    cpSync(join(ROOT, file), join(root, file))
  }
  // The packages, without what tools keep of this checkout beside them.
  mkdirSync(join(root, 'node_modules'))
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter((each) => each !== '.cache'))
    symlinkSync(join(ROOT, 'node_modules', name), join(root, 'node_modules', name))
  execFileSync('git', ['init', '--quiet'], { cwd: root })
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) }
}

/** The steps of the recipe by their titles, each as what it does to a checkout. */
export const STEPS: readonly (readonly [title: string, follow: ((root: string) => void) | undefined])[] = [
  ['Write the job', (root) => write(root, 'src/leagues/nfl/jobs/byes.ts', JOB)],
  ['Test it', (root) => write(root, 'tests/leagues/nfl/jobs/byes.test.ts', TEST)],
  [
    'Register it',
    (root) => {
      edit(root, 'src/leagues/nfl/jobs.ts', 'export const nflFeatures', `${DEFINITION}\nexport const nflFeatures`)
      edit(root, 'src/leagues/nfl/jobs.ts', 'nflSilver, ', 'nflSilver, nflByes, ')
    },
  ],
  [
    'Make its door',
    (root) => {
      const door = readFileSync(join(root, 'scripts/nfl/features.ts'), 'utf8')
      write(root, 'scripts/nfl/byes.ts', door.replaceAll('features', 'byes'))
    },
  ],
  [
    'Make its workflow',
    (root) => {
      const workflow = readFileSync(join(root, '.github/workflows/nfl-features.yml'), 'utf8')
        .replaceAll('nfl-features', 'nfl-byes')
        .replaceAll('nfl/features', 'nfl/byes')
        .replace("- cron: '7 9 * * 3'", "- cron: '37 9 * * 3'")
      write(root, '.github/workflows/nfl-byes.yml', workflow)
    },
  ],
  ['Let people choose it', (root) => edit(root, '.github/workflows/ops-override.yml', '          - nfl/silver\n', '          - nfl/silver\n          - nfl/byes\n')], // prettier-ignore
  [
    'Run npm run generate',
    (root) => {
      // The other files that it writes follow from migrations.
      execFileSync(process.execPath, ['--import', 'tsx', 'tests/generated/run.ts', 'README.md'], { cwd: root })
    },
  ],
  ['Run npm run check', undefined],
  ['Try it', undefined],
]

/** The titles of the steps as CONTRIBUTING has them. */
export function titlesOfRecipe(): string[] {
  const text = readFileSync(join(ROOT, '.github/CONTRIBUTING.md'), 'utf8')
  const [, recipe = ''] = text.split(/^## Add a job$/m)
  const [steps = ''] = recipe.split(/^## /m)
  return [...steps.matchAll(/^\d+\. \*\*(.+?)\*\*/gm)].map(([, title = '']) => title.replaceAll('`', ''))
}

function write(root: string, file: string, text: string): void {
  writeFileSync(join(root, file), text, { flag: 'wx' })
}

function edit(root: string, file: string, from: string, to: string): void {
  const text = readFileSync(join(root, file), 'utf8')
  if (from === '' || !text.includes(from)) throw new Error(`${file} no longer contains ${JSON.stringify(from)}`)
  writeFileSync(join(root, file), text.replace(from, to))
}

const JOB = `// Which teams have a bye, for whoever plans a line-up.

import type { JobContext, JobReturn } from '../../../core/job.ts'
import type { Week } from '../calendar.ts'
import type { MarketParams } from '../params.ts'

export function run(week: Week, ctx: JobContext<MarketParams>): Promise<JobReturn> {
  ctx.note('week', week.key)
  return Promise.resolve()
}
`

const DEFINITION = `export const nflByes = defineJob({
  ...stage,
  id: 'nfl/byes',
  title: 'teams that do not play',
  needs: { 'nfl/silver': 'fresh' },
  graceMinutes: 45,
  deadlineMinutes: 24 * 60,
  seasonal: true,
  params: marketParams,
  run: later(() => import('./jobs/byes.ts'), toWeek),
})
`

const TEST = `import assert from 'node:assert/strict'
import { test } from 'node:test'

import { nflByes } from '../../../../src/leagues/nfl/jobs.ts'

test('byes are of the week that their slot is due in', () => {
  assert.equal(nflByes.period(new Date('2024-11-20T14:37:00Z')).key, '2024-W12')
})
`
