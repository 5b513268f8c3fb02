// README's table "What runs", made from the workflow files and the jobs' titles, and compared with them: people read there what
// runs when, and believe it. What a workflow that is no job's leaves behind, and who wakes it, stands there in its own words. Pure.

import type { CatalogJob, CatalogReading, JobFacts } from './catalog.ts'
import { sayCron } from './cron-words.ts'
import { withTableBelow } from './markdown-table.ts'
import type { Problem } from './workflow-yaml.ts'
import { readSchedules, type Schedule, type Workflow } from './workflow.ts'

const FILE = 'README.md'
const HEADING = '## What runs'
/** The zone that the table's own heading names. */
const HOME = 'America/New_York'
const MEND = 'npm run generate writes the table anew'

const COLUMNS = ['job', 'when (New York, unless said)', 'woken by', 'leaves behind']

interface Row {
  readonly name: string
  readonly when: string
  readonly wokenBy: string
  readonly leaves: string
  readonly line: number
}

/** What a row has to say; undefined: in its own words. */
interface Expected {
  readonly name: string
  readonly when: string | undefined
  readonly wokenBy: string | undefined
  readonly leaves: string | undefined
}

/** The table as it is to be, with README around it: `npm run generate` writes it. */
export function withTable(readme: string, reading: CatalogReading, jobs: readonly JobFacts[]): string {
  const rows = readRows(readme)
  const placeOf = ({ name }: Expected) => rows.findIndex((row) => row.name === name)
  const [ofJobs, ofTools] = [rowsOfJobs(reading, jobs), rowsOfTools(reading)]
  // The others stay in the order in which they are told of; a new one is the last.
  const told = ofTools.filter((tool) => placeOf(tool) >= 0).sort((a, b) => placeOf(a) - placeOf(b))
  const all = [...ofJobs, ...told, ...ofTools.filter((tool) => placeOf(tool) < 0)]
  const cells = all.map(({ name, when, wokenBy, leaves }) => {
    const own = rows.find((row) => row.name === name)
    return [`\`${name}\``, when ?? own?.when ?? '', wokenBy ?? own?.wokenBy ?? '', leaves ?? own?.leaves ?? '']
  })
  return withTableBelow(readme, HEADING, [COLUMNS, ...cells])
}

/** Rows that are missing, of nothing that runs, or of another time or trigger; and another default of LEAGUES. */
export function readmeProblems(
  readme: string,
  {
    reading,
    jobs,
    onByDefault,
  }: { reading: CatalogReading; jobs: readonly JobFacts[]; onByDefault: readonly string[] },
): Problem[] {
  const rows = readRows(readme)
  const expected = [...rowsOfJobs(reading, jobs), ...rowsOfTools(reading)]
  const heading = lineOf(readme, HEADING)
  const missing = expected.filter(({ name }) => !rows.some((row) => row.name === name))
  const problems = [
    ...missing.map(({ name, when = '...' }) => ({ file: FILE, line: heading, message: `"What runs" has no row of \`${name}\`; expected one, with "${when}": ${MEND}` })), // prettier-ignore
    ...rows.flatMap((row) => rowProblems(row, expected)),
  ]
  const isOther = problems.length === 0 && withTable(readme, reading, jobs) !== readme
  const other = {
    file: FILE,
    line: heading,
    message: `"What runs" is not as it is generated; expected the registry's order: ${MEND}`,
  }
  return [...problems, ...(isOther ? [other] : []), ...defaultProblems(readme, onByDefault)]
}

/** In the registry's order. */
function rowsOfJobs({ catalog }: CatalogReading, jobs: readonly JobFacts[]): Expected[] {
  return jobs.flatMap((job) => catalog.jobs.filter(({ id }) => id === job.id).map((stated) => ofJob(stated, job)))
}

function rowsOfTools({ catalog, workflows }: CatalogReading): Expected[] {
  return workflows.flatMap((workflow) => ofTool(workflow, catalog.jobs))
}

function ofJob({ id, schedules, parents }: CatalogJob, { title }: JobFacts): Expected {
  const wokenBy = parents.map((parent) => `\`${parent}\``).join(', ')
  return { name: id, when: sayIfAny(schedules), wokenBy, leaves: title }
}

/** A workflow that is no job's is called by its own name. */
function ofTool(workflow: Workflow, jobs: readonly CatalogJob[]): Expected[] {
  if (jobs.some(({ file }) => file === workflow.file)) return []
  const schedules = workflow.yaml.root.keys.get('on')?.keys.has('schedule') ? readSchedules(workflow, () => undefined) : [] // prettier-ignore
  return [{ name: workflow.name, when: sayIfAny(schedules), wokenBy: undefined, leaves: undefined }]
}

/** The cron lines as the table says them: `Mon 23:07 Los Angeles, Thu 06:07`; in its own words where none is understood. */
function sayIfAny(schedules: readonly Schedule[]): string | undefined {
  return schedules.map(({ cron, zone }) => `${sayCron(cron)}${sayPlace(zone)}`).join(', ') || undefined
}

function sayPlace(zone: string): string {
  if (zone === HOME) return ''
  return ` ${zone.replace(/^.*\//, '').replaceAll('_', ' ')}`
}

function rowProblems({ name, when, wokenBy, leaves, line }: Row, expected: readonly Expected[]): Problem[] {
  const right = expected.find((one) => one.name === name)
  const say = (message: string): Problem => ({ file: FILE, line, message })
  if (right === undefined)
    return [say(`"What runs" has a row of \`${name}\`, which is no job and no workflow; expected none: ${MEND}`)]
  return [
    ...(right.when === undefined || right.when === when
      ? []
      : [say(`\`${name}\` runs "${when}" by this table; expected "${right.when}", as its workflow says: ${MEND}`)]),
    ...(right.wokenBy === undefined || right.wokenBy === wokenBy
      ? []
      : [say(`\`${name}\` is woken by "${wokenBy}" by this table; expected "${right.wokenBy}": ${MEND}`)]),
    ...(right.leaves === undefined || right.leaves === leaves
      ? []
      : [say(`\`${name}\` leaves behind "${leaves}" by this table; expected its title "${right.leaves}": ${MEND}`)]),
  ]
}

function readRows(readme: string): Row[] {
  const lines = readme.split(/\r?\n/)
  const from = lines.indexOf(HEADING)
  const next = lines.findIndex((line, i) => i > from && line.startsWith('## '))
  if (from < 0) return []
  return lines.slice(from, next < 0 ? undefined : next).flatMap((text, i) => {
    const [, first = '', when = '', wokenBy = '', leaves = ''] = text.split('|').map((cell) => cell.trim())
    const name = /^`([^`]+)`$/.exec(first)?.[1]
    return name === undefined ? [] : [{ name, when, wokenBy, leaves, line: from + i + 1 }]
  })
}

/** The words that say which leagues are on by default: `npm run generate` writes them. */
export function withDefault(readme: string, onByDefault: readonly string[]): string {
  return readme.replace(/`LEAGUES` \(default `[^`]*`\)/, sayDefault(onByDefault))
}

const sayDefault = (onByDefault: readonly string[]) => `\`LEAGUES\` (default \`${JSON.stringify(onByDefault)}\`)`

function defaultProblems(readme: string, onByDefault: readonly string[]): Problem[] {
  const expected = sayDefault(onByDefault)
  return readme.includes(expected) && withDefault(readme, onByDefault) === readme ? [] : [{ file: FILE, line: 1, message: `LEAGUES has another default here, or none; expected the words ${expected}` }] // prettier-ignore
}

function lineOf(readme: string, heading: string): number {
  return Math.max(0, readme.split(/\r?\n/).indexOf(heading)) + 1
}
