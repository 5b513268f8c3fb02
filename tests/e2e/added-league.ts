// The recipes "Add a league" and "Take a league away" of CONTRIBUTING, followed to the letter in a copy of this repository. What a
// person would write lies in demo-league/, each file under its own name with .txt at its end.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from '../checks/files.ts'
import { edit, write, type Step } from './copy.ts'

const OWN = 'tests/e2e/demo-league'
const INDEX = 'src/leagues/index.ts'
const CHOICES = '.github/workflows/ops-override.yml'
const IMPORT = "import { demo } from './demo/league.ts'\n"
const CHOSEN = '          - demo/load\n          - demo/pick\n'

export const ADD: readonly Step[] = [
  ['Say what it is', (root) => writeOwn(root, /\/demo\/league\.ts$/)],
  ['Keep its tables', (root) => writeOwn(root, /\/demo\/(?:migrations|lake)\//)],
  ['Ask its source', (root) => writeOwn(root, /\/demo\/sources\//)],
  ['Write its jobs', (root) => writeOwn(root, /\/demo\/jobs(?:\/\w+)?\.ts$/)],
  ['Show what it predicts', (root) => writeOwn(root, /\/demo\/(?:predicted\.ts|pages\/)/)],
  ['Test it', (root) => writeOwn(root, /^tests\//)],
  [
    'Register it',
    (root) => {
      edit(root, INDEX, "import { nfl } from './nfl/league.ts'\n", `${IMPORT}import { nfl } from './nfl/league.ts'\n`)
      edit(root, INDEX, ', ops]', ', demo, ops]')
    },
  ],
  [
    'Make its doors and workflows',
    (root) => {
      for (const [job, neighbour] of [['load', 'bronze'], ['pick', 'features']] as const) // prettier-ignore
        write(root, `scripts/demo/${job}.ts`, readFileSync(join(root, `scripts/nfl/${neighbour}.ts`), 'utf8').replaceAll(`nfl/${neighbour}`, `demo/${job}`)) // prettier-ignore
      write(root, '.github/workflows/demo-load.yml', withKey(workflow(root, { job: 'load', neighbour: 'bronze' })))
      write(root, '.github/workflows/demo-pick.yml', workflow(root, { job: 'pick', neighbour: 'features' }))
    },
  ],
  ['Let people choose its jobs', (root) => edit(root, CHOICES, '          - ops/cleanup\n', `${CHOSEN}          - ops/cleanup\n`)], // prettier-ignore
  ['Run npm run generate, then npm run check.', generate],
  ['Switch it on', undefined],
]

export const TAKE_AWAY: readonly Step[] = [
  [
    'Delete what is its own',
    (root) => {
      for (const folder of ['src/leagues/demo', 'tests/leagues/demo', 'scripts/demo'])
        rmSync(join(root, folder), { recursive: true })
      for (const job of ['load', 'pick']) rmSync(join(root, `.github/workflows/demo-${job}.yml`))
    },
  ],
  [
    'Take its lines out',
    (root) => {
      edit(root, INDEX, IMPORT, '')
      edit(root, INDEX, ', demo, ops]', ', ops]')
      edit(root, CHOICES, CHOSEN, '')
    },
  ],
  ['Run npm run generate, then npm run check.', generate],
  ['Take its name out', undefined],
  ['Drop its tables', undefined],
]

function writeOwn(root: string, which: RegExp): void {
  const names = readdirSync(join(ROOT, OWN), { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => name.endsWith('.txt')).map((name) => [name, name.replace(/\.txt$/, '')] as const)
  for (const [name, file] of files) if (which.test(file)) write(root, file, readFileSync(join(ROOT, OWN, name), 'utf8'))
}

/** A neighbour's, of another job, another league and another time, with a day in the place of a week. */
function workflow(root: string, { job, neighbour }: { job: string; neighbour: string }): string {
  return readFileSync(join(root, `.github/workflows/nfl-${neighbour}.yml`), 'utf8')
    .replaceAll(`nfl-${neighbour}`, `demo-${job}`)
    .replaceAll(`nfl/${neighbour}`, `demo/${job}`)
    .replace('[nfl-silver]', '[demo-load]')
    .replace(
      / {4}# .*\n {4}- cron: .*\n {6}timezone: .*\n/,
      `    # A made-up day's games are known in the morning.\n    - cron: '${job === 'load' ? '37 8' : '52 14'} * * *'\n`,
    ) // prettier-ignore
    .replace(/ {6}season:\n[^]*?(?= {6}environment:)/, DAY)
    .replaceAll('${{ inputs.season }} ${{ inputs.week }}', '${{ inputs.day }}')
    .replace(/season \$\{\{ inputs\.season \}\} week .*/, 'day ${{ inputs.day }}')
    .replace(`vars.LEAGUES || '["nfl"]'), 'nfl')`, `vars.LEAGUES || '[]'), 'demo')`)
}

const DAY = `      day:
        description: a day such as 2026-11-29; empty for what is due
        required: false
        type: string
`

const withKey = (text: string) => `${text}          DEMO_API_KEY: \${{ secrets.DEMO_API_KEY }}\n`

function generate(root: string): void {
  execFileSync(process.execPath, ['--import', 'tsx', 'tests/generated/run.ts'], { cwd: root, env: { ...process.env, NODE_TEST_CONTEXT: undefined }, stdio: ['ignore', 'ignore', 'inherit'] }) // prettier-ignore
}
