// Compares what workflows, doors and choices name with the registry of jobs, in both directions: a job that only one side knows would
// do nothing for ever, and say that all is well. Pure; check-workflows.ts reads the files.

import type { CatalogReading, JobFacts } from './catalog.ts'
import { nodeAt, textsOf, type Problem } from './workflow-yaml.ts'
import type { Workflow } from './workflow.ts'

/** A script that runs a job. */
export interface Door {
  /** `scripts/nfl/bronze.ts` */
  readonly file: string
  /** `nfl/bronze`, by its path. */
  readonly id: string
  readonly text: string
}

/** Where a league lists its jobs. */
const listOf = (id: string) => `src/leagues/${id.split('/')[0] ?? ''}/jobs.ts`
const OVERRIDE = 'scripts/ops/override.ts'
/** A choice of ops-override that is no job. */
const ALL = 'all'

/** Is this the text of a door, rather than of a tool? */
export const isDoor = (text: string): boolean => /^await door\(/m.test(text)

/** Problems of the registry's other sides. */
export function twoWayProblems(
  reading: CatalogReading,
  { jobs, doors, onByDefault }: { readonly jobs: readonly JobFacts[]; readonly doors: readonly Door[]; readonly onByDefault: readonly string[] }, // prettier-ignore
): Problem[] {
  return [
    ...twiceProblems(jobs),
    ...doorProblems(doors, jobs),
    ...reading.workflows.flatMap((workflow) => strangerProblems(workflow, { jobs, doors })),
    ...reading.workflows.flatMap((workflow) => choiceProblems(workflow, jobs)),
    ...leagueProblems(reading, onByDefault),
  ]
}

function twiceProblems(jobs: readonly JobFacts[]): Problem[] {
  const twice = jobs.filter(({ id }, i) => jobs.findIndex((other) => other.id === id) !== i)
  return twice.map(({ id }) => ({ file: listOf(id), line: 1, message: `${id} is registered twice; expected one job of a name` })) // prettier-ignore
}

function doorProblems(doors: readonly Door[], jobs: readonly JobFacts[]): Problem[] {
  return doors.flatMap(({ file, id, text }) => {
    if (!isRegistered(id, jobs))
      return [
        {
          file,
          line: 1,
          message: `the door of ${id}, which is not registered; expected it in the list of ${listOf(id)}`,
        },
      ]
    if (text.includes(`await door('${id}')`)) return []
    return [{ file, line: 1, message: `the door of ${id} opens another job; expected door('${id}')` }]
  })
}

/** A workflow that runs a job which the registry does not have. */
function strangerProblems(
  { file, scripts }: Workflow,
  { jobs, doors }: { readonly jobs: readonly JobFacts[]; readonly doors: readonly Door[] },
): Problem[] {
  return scripts.flatMap(({ script, line }) => {
    const door = doors.find((one) => one.file === script)
    if (door === undefined || isRegistered(door.id, jobs)) return []
    return [
      {
        file,
        line,
        message: `runs ${door.id}, which is not registered; expected it in the list of ${listOf(door.id)}`,
      },
    ]
  })
}

/** What people can choose to pause, waive or run: every job, and nothing else. */
function choiceProblems({ file, scripts, yaml }: Workflow, jobs: readonly JobFacts[]): Problem[] {
  if (!scripts.some(({ script }) => script === OVERRIDE)) return []
  const node = nodeAt(yaml.root, 'on', 'workflow_dispatch', 'inputs', 'job', 'options')
  const choices = textsOf(node)
  const missing = jobs.filter(({ id }) => !choices.some(({ text }) => text === id))
  const extra = choices.filter(({ text }) => text !== ALL && !isRegistered(text, jobs))
  return [
    ...missing.map(({ id }) => ({ file, line: node?.line ?? 1, message: `no choice "${id}"; expected every registered job` })), // prettier-ignore
    ...extra.map(({ text, line }) => ({ file, line, message: `the choice "${text}" is no registered job; expected only those and "${ALL}"` })), // prettier-ignore
  ]
}

/** Whether a league is on where LEAGUES is not set: each workflow says it of its own league, and all of a league say the same. */
function leagueProblems({ catalog, workflows }: CatalogReading, onByDefault: readonly string[]): Problem[] {
  return catalog.jobs.flatMap(({ id, file, leagueSwitch }) => {
    const found = leagueSwitch && JSON.stringify(leagueSwitch.defaults)
    const expected = JSON.stringify(onByDefault.filter((league) => league === leagueSwitch?.league))
    if (found === undefined || found === expected) return []
    const steps = workflows.find((workflow) => workflow.file === file)?.scripts
    const line = steps?.find(({ script }) => script === `scripts/${id}.ts`)?.job.keys.get('if')?.line ?? 1
    return [{ file, line, message: `the default of LEAGUES is ${found}; expected ${expected}, as the league’s own league.ts says` }] // prettier-ignore
  })
}

const isRegistered = (id: string, jobs: readonly JobFacts[]): boolean => jobs.some((job) => job.id === id)
