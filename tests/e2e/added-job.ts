// The recipe "Add a job" of CONTRIBUTING, followed to the letter in a copy of this repository.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { edit, write, type Step } from './copy.ts'

/** The steps of the recipe by their titles, each as what it does to a checkout. */
export const STEPS: readonly Step[] = [
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
