// A command that is told in words what to do: `npm run override -- pause nfl/bronze --for 6h`. What else every command does
// is in scripts/command.ts.

import { parseArgs, type ParseArgsConfig } from 'node:util'

import { ConfigFailure, toErrorRecord } from '../../src/core/errors.ts'
import type { JobId } from '../../src/core/job.ts'
import { jobs } from '../../src/leagues/index.ts'
import { openOutput, say } from '../../src/lib/output.ts'
import { refuse } from '../command.ts'

type Options = NonNullable<ParseArgsConfig['options']>
const HELP = { help: { type: 'boolean', short: 'h' } } as const
type Flags<O extends Options> = ReturnType<typeof parseArgs<{ options: O & typeof HELP; strict: true }>>['values']

export interface WordCommand<O extends Options> {
  readonly call: string
  readonly help: string
  readonly options: O
  run(words: readonly string[], flags: Flags<O>): Promise<void>
}

/** Runs it and sets the exit code: 0 done, 1 it failed, 2 misuse. Never throws. */
export async function runWords<O extends Options>(command: WordCommand<O>): Promise<void> {
  openOutput(process.env)
  process.exitCode = await main(command).catch(refuse)
}

async function main<O extends Options>(command: WordCommand<O>): Promise<number> {
  const { words, flags } = read(command)
  if ('help' in flags && flags.help) say(command.help)
  else await command.run(words, flags)
  return 0
}

function read<O extends Options>({ options, call }: WordCommand<O>): { words: string[]; flags: Flags<O> } {
  try {
    const parsed = parseArgs({ options: { ...options, ...HELP }, strict: true, allowPositionals: true })
    return { words: parsed.positionals, flags: parsed.values }
  } catch (error) {
    throw new ConfigFailure(`${toErrorRecord(error).message}. See ${call} --help.`, { code: 'bad_parameter' })
  }
}

/** A registered job's id. Throws ConfigFailure. */
export function readJob(text: string | undefined, what: string): JobId {
  const job = jobs.find(({ id }) => id === text)
  if (job) return job.id
  const found = text === undefined ? `${what} needs a job` : `there is no job "${text}"`
  throw new ConfigFailure(`${found}: expected one of ${jobs.map(({ id }) => id).join(', ')}`, { code: 'bad_parameter' })
}

/** Why somebody does this: the others will ask. Throws ConfigFailure. */
export function readWhy(text: string | undefined, what: string): string {
  if (text?.trim()) return text.trim()
  throw new ConfigFailure(`${what} needs a reason: add --why "the provider is migrating"`, { code: 'bad_parameter' })
}

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `90m`, `6h` or `2d` in milliseconds. Throws ConfigFailure. */
export function readDuration(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  const ms = Number(count) * (UNITS_MS[unit] ?? 0)
  if (ms > 0) return ms
  throw new ConfigFailure(`--for "${text}": expected a duration such as 90m, 6h or 2d`, { code: 'bad_parameter' })
}

/** Rows with their cells below each other, but for the last. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  return rows.map((row) =>
    row
      .map((cell, i) =>
        i === row.length - 1 ? cell : cell.padEnd(Math.max(...rows.map((other) => other[i]?.length ?? 0))),
      )
      .join('  '),
  )
}
