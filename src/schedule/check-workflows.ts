// Everything that can be said about the workflow files before they run, as sentences: the catalog's own strictness, its
// agreement with the registered jobs, the doors, the choices, the secrets and README, and the house's rules.

import { access, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

import type { LeagueSource } from '../core/league.ts'
import { agreementProblems } from './agreement.ts'
import { readCatalogWithProblems, type CatalogReading, type JobFacts } from './catalog.ts'
import { deadlineProblems, graceProblems } from './deadlines.ts'
import { declaredProblems, securityProblems } from './declared-secrets.ts'
import { groupProblems } from './group-rules.ts'
import { readmeProblems } from './readme-table.ts'
import { isDoor, twoWayProblems, type Door } from './two-way.ts'
import { actionProblems, workflowProblems } from './workflow-rules.ts'
import { problemSentence, type Problem } from './workflow-yaml.ts'

/** What the files are held against. */
export interface Registered {
  readonly jobs: readonly JobFacts[]
  /** The leagues that are on where the variable LEAGUES is not set. */
  readonly onByDefault: readonly string[]
  readonly sources: readonly Pick<LeagueSource, 'name' | 'key'>[]
}

/** All problems of the workflow files and composite actions below `root`, each `file:line: found; expected`. Empty when
 *  there is nothing to say. */
export async function checkWorkflows(root: string, registered: Registered): Promise<string[]> {
  const { jobs, onByDefault } = registered
  const reading = await readCatalogWithProblems(root, jobs)
  const problems = [
    ...reading.problems,
    ...agreementProblems(reading, jobs),
    ...deadlineProblems(reading, jobs),
    ...graceProblems(reading, jobs),
    ...(await doorProblems(root, reading, jobs)),
    ...twoWayProblems(reading, { ...registered, doors: await readDoors(root) }),
    ...readmeProblems(await readFile(path.join(root, 'README.md'), 'utf8'), { reading, jobs, onByDefault }),
    ...declaredProblems(reading, registered),
    ...securityProblems(await readFile(path.join(root, '.github/SECURITY.md'), 'utf8'), reading, registered),
    ...reading.workflows.flatMap(({ file, yaml }) => workflowProblems(file, yaml.lines.join('\n'))),
    ...groupProblems(reading.workflows.map(({ yaml }) => yaml)),
    ...(await allActionProblems(root)),
  ]
  // The catalog and the rules may both have seen the same thing.
  return [...new Set(problems.map(problemSentence))].sort()
}

/** Scripts that a workflow runs, and doors of registered jobs, that are not there: a typing error in `script:` would
 *  otherwise make a job look like a tool. */
async function doorProblems(root: string, reading: CatalogReading, jobs: readonly JobFacts[]): Promise<Problem[]> {
  const called = reading.workflows.flatMap(({ file, scripts }) =>
    scripts.map(({ script, line }) => ({ file, line, script, message: `script "${script}" does not exist` })),
  )
  const doors = jobs
    .map(({ id }) => ({ file: `scripts/${id}.ts`, line: 1, script: `scripts/${id}.ts`, message: `${id} has no door` }))
    .filter(({ script }) => !called.some((other) => other.script === script))
  const checked = await Promise.all(
    [...called, ...doors].map(async ({ file, line, script, message }) => {
      const found = /^scripts\/.+\.ts$/.test(script) && (await exists(path.join(root, script)))
      return found ? [] : [{ file, line, message: `${message}; expected a file scripts/<sport>/<job>.ts` }]
    }),
  )
  return checked.flat()
}

/** The scripts that run a job, whether it is registered or not. */
async function readDoors(root: string): Promise<Door[]> {
  const names = await readdir(path.join(root, 'scripts'), { recursive: true })
  const files = names.map((name) => name.split(path.sep).join('/')).filter((name) => /^[^/]+\/[^/]+\.ts$/.test(name))
  const scripts = await Promise.all(
    files.sort().map(async (name) => {
      const text = await readFile(path.join(root, 'scripts', name), 'utf8')
      return { file: `scripts/${name}`, id: name.replace(/\.ts$/, ''), text }
    }),
  )
  return scripts.filter(({ text }) => isDoor(text))
}

async function allActionProblems(root: string): Promise<Problem[]> {
  const folder = '.github/actions'
  const names = (await exists(path.join(root, folder))) ? await readdir(path.join(root, folder)) : []
  const found = await Promise.all(
    names.sort().map(async (name) => {
      const file = `${folder}/${name}/action.yml`
      return actionProblems(file, await readFile(path.join(root, file), 'utf8'))
    }),
  )
  return found.flat()
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false, // whatever keeps us from seeing it, it is not there for us
  )
}
