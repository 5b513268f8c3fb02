// README's table "What runs", against the workflow files: people read there what runs when, and believe it. Pure.

import type { CatalogJob, CatalogReading } from './catalog.ts'
import { sayCron } from './cron-words.ts'
import type { Problem } from './workflow-yaml.ts'
import { readSchedules, type Schedule, type Workflow } from './workflow.ts'

const FILE = 'README.md'
const HEADING = '## What runs'
/** The zone that the table's own heading names. */
const HOME = 'America/New_York'

interface Row {
  readonly name: string
  readonly when: string
  readonly wokenBy: string
  readonly line: number
}

/** What a row has to say; undefined: in its own words. */
interface Expected {
  readonly name: string
  readonly when: string | undefined
  readonly wokenBy: string | undefined
}

/** Rows that are missing, of nothing that runs, or of another time or trigger; and another default of LEAGUES. */
export function readmeProblems(
  readme: string,
  { reading, onByDefault }: { reading: CatalogReading; onByDefault: readonly string[] },
): Problem[] {
  const { catalog, workflows } = reading
  const rows = readRows(readme)
  const expected = [...catalog.jobs.map(ofJob), ...workflows.flatMap((workflow) => ofTool(workflow, catalog.jobs))]
  const heading = lineOf(readme, HEADING)
  const missing = expected.filter(({ name }) => !rows.some((row) => row.name === name))
  return [
    ...missing.map(({ name, when = '...' }) => ({ file: FILE, line: heading, message: `"What runs" has no row of \`${name}\`; expected one, with "${when}"` })), // prettier-ignore
    ...rows.flatMap((row) => rowProblems(row, expected)),
    ...defaultProblems(readme, onByDefault),
  ]
}

function ofJob({ id, schedules, parents }: CatalogJob): Expected {
  return { name: id, when: sayIfAny(schedules), wokenBy: parents.map((parent) => `\`${parent}\``).join(', ') }
}

/** A workflow that is no job's is called by its own name. */
function ofTool(workflow: Workflow, jobs: readonly CatalogJob[]): Expected[] {
  if (jobs.some(({ file }) => file === workflow.file)) return []
  const schedules = workflow.yaml.root.keys.get('on')?.keys.has('schedule') ? readSchedules(workflow, () => undefined) : [] // prettier-ignore
  return [{ name: workflow.name, when: sayIfAny(schedules), wokenBy: undefined }]
}

/** The cron lines as the table says them: `Mon 23:07 Los Angeles, Thu 06:07`; in its own words where none is understood. */
function sayIfAny(schedules: readonly Schedule[]): string | undefined {
  return schedules.map(({ cron, zone }) => `${sayCron(cron)}${sayPlace(zone)}`).join(', ') || undefined
}

function sayPlace(zone: string): string {
  if (zone === HOME) return ''
  return ` ${zone.replace(/^.*\//, '').replaceAll('_', ' ')}`
}

function rowProblems({ name, when, wokenBy, line }: Row, expected: readonly Expected[]): Problem[] {
  const right = expected.find((one) => one.name === name)
  const say = (message: string): Problem => ({ file: FILE, line, message })
  if (right === undefined)
    return [say(`"What runs" has a row of \`${name}\`, which is no job and no workflow; expected none`)]
  return [
    ...(right.when === undefined || right.when === when
      ? []
      : [say(`\`${name}\` runs "${when}" by this table; expected "${right.when}", as its workflow says`)]),
    ...(right.wokenBy === undefined || right.wokenBy === wokenBy
      ? []
      : [say(`\`${name}\` is woken by "${wokenBy}" by this table; expected "${right.wokenBy}"`)]),
  ]
}

function readRows(readme: string): Row[] {
  const lines = readme.split(/\r?\n/)
  const from = lines.indexOf(HEADING)
  const next = lines.findIndex((line, i) => i > from && line.startsWith('## '))
  if (from < 0) return []
  return lines.slice(from, next < 0 ? undefined : next).flatMap((text, i) => {
    const [, first = '', when = '', wokenBy = ''] = text.split('|').map((cell) => cell.trim())
    const name = /^`([^`]+)`$/.exec(first)?.[1]
    return name === undefined ? [] : [{ name, when, wokenBy, line: from + i + 1 }]
  })
}

function defaultProblems(readme: string, onByDefault: readonly string[]): Problem[] {
  const expected = `\`LEAGUES\` (default \`${JSON.stringify(onByDefault)}\`)`
  return readme.includes(expected) ? [] : [{ file: FILE, line: 1, message: `LEAGUES has another default here, or none; expected the words ${expected}` }] // prettier-ignore
}

function lineOf(readme: string, heading: string): number {
  return Math.max(0, readme.split(/\r?\n/).indexOf(heading)) + 1
}
