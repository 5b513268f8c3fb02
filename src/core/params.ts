// A run's parameters: a reader for each, shared by flags (`--dry-run`) and dispatch inputs (`dry_run`).

import { ConfigFailure } from './errors.ts'
import type { AnyJob, CommonParams } from './job.ts'
import type { Period } from './period.ts'
import { readAll, textLike, Unfit, type Given } from './reader.ts'

/** Flags and inputs arrive as text; an input left empty was not given. */
export type RawParams = Readonly<Record<string, Given>>

function yesOrNo(given: Given): boolean | Unfit {
  if (given === undefined || given === 'false') return false
  if (given === 'true') return true
  return typeof given === 'boolean' ? given : new Unfit('expected true or false')
}

const common = {
  environment: textLike(/^[a-z][a-z0-9-]*$/, 'expected a name such as production or development'),
  dryRun: yesOrNo,
  force: yesOrNo,
  cascade: yesOrNo,
  retry: textLike(
    /^(?:[0-9a-f-]{36}|\d{1,18}(?:,\d{1,18})*)$/,
    "expected a run's id, or ids of dead letters with commas",
  ),
}

/** Names of the flags that take no value. */
export const SWITCHES: readonly string[] = ['dryRun', 'force', 'cascade']

const HELP: Record<string, string> = {
  environment: 'which environment the database must belong to (production on Actions, development elsewhere)',
  dryRun: 'do everything, then roll it back; serves no slot',
  force: 'run past every gate: a pause, the season, parents, breakers, games; it is written down who did',
  cascade: 'if it succeeds, write down requests for the jobs that need this one',
  retry: 'a run, or dead letters with commas, whose failed items are tried again',
}

/** Every parameter a job takes, in the order of its help. */
export function paramNames(job: AnyJob): string[] {
  return [...Object.keys(job.params), ...Object.keys(common)]
}

/** One line of help for a parameter: what every job takes is told here, the rest by its league (`help`). */
export function paramHelp(name: string, help: Readonly<Record<string, string>>): string {
  return HELP[name] ?? help[name] ?? ''
}

/** `dryRun` as a flag: `dry-run`. */
export function toFlag(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** `dry_run` or `dry-run` as a parameter: `dryRun`. */
export function toParamName(name: string): string {
  return name.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** Parses what a person gave; throws one ConfigFailure that lists every problem with what was expected. */
export function parseParams(job: AnyJob, raw: RawParams): CommonParams & Record<string, unknown> {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined && value !== ''))
  const unknown = Object.keys(given).filter((name) => !paramNames(job).includes(name))
  const read = readAll({ ...common, ...job.params }, given)
  const problems = [
    ...unknown.map((name) => `--${toFlag(name)} is not a parameter of ${job.id}: expected ${listFlags(job)}`),
    ...read.problems.map(({ name, expected }) => `--${toFlag(name)} "${String(given[name] ?? '')}": ${expected}`),
  ]
  if (problems.length > 0) throw new ConfigFailure(problems.join('; '), { code: 'bad_parameter' })
  return read.values as CommonParams & Record<string, unknown>
}

/** Are these the parameters a scheduled run would have? Naming a period, an environment or `cascade` changes nothing
 *  about what is done to the slot; everything else does. */
export function isDefault(job: AnyJob, raw: RawParams): boolean {
  const neutral = [...Object.keys(job.namedBy), 'environment', 'cascade', 'force']
  const usual = JSON.stringify(parseParams(job, {}))
  const without = Object.fromEntries(Object.entries(raw).filter(([name]) => !neutral.includes(name)))
  return JSON.stringify(parseParams(job, without)) === usual
}

/** Does somebody name a period with these? */
export function namesPeriod(
  { namedBy }: Pick<AnyJob, 'namedBy'>,
  parameters: Readonly<Record<string, unknown>>,
): boolean {
  return Object.keys(namedBy).some((name) => parameters[name] !== undefined)
}

/** The inputs that name a period to a job. */
export function nameOf({ namedBy }: Pick<AnyJob, 'namedBy'>, period: Period): Record<string, string | number> {
  return Object.fromEntries(Object.entries(namedBy).map(([name, of]) => [name, of(period)]))
}

function listFlags(job: AnyJob): string {
  return paramNames(job)
    .map((name) => `--${toFlag(name)}`)
    .join(', ')
}
