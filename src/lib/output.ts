// The one way out of the process: what is printed, logged, summed up, annotated, put out or shown on a terminal, and what a
// crash leaves, goes through here, freed of secrets and made harmless. Nothing else may print (eslint.config.js).

import { appendFileSync, fstatSync, writeSync } from 'node:fs'

import { toErrorRecord } from '../core/errors.ts'
import type { Env } from './env.ts'
import { harmless, harmlessJson } from './harmless.ts'
import { createRedactor } from './redact.ts'
import { hiddenForms, secretsIn } from './secrets.ts'

let redact = (text: string): string => text

/** To be called first: hides the secrets of these variables from now on, and sees to what a crash prints. */
export function openOutput(variables: NodeJS.ProcessEnv): void {
  redact = createRedactor(hiddenForms(secretsIn(variables)))
  if (process.listenerCount('uncaughtException') === 0) process.on('uncaughtException', crash)
  // Node's own listener is there unless somebody has switched warnings off.
  if (process.listenerCount('warning') > 0)
    process.removeAllListeners('warning').on('warning', (one) => note(`${one.name}: ${one.message}`))
}

/** A text as it may leave the process. */
const safe = (text: string): string => harmless(redact(text))

/** Lines for people, on stdout. */
export function say(text: string): void {
  console.log(safe(text))
}

/** A value for programs, as one line on stdout: whoever parses it gets what it was, but for secrets. */
export function sayJson(value: unknown): void {
  console.log(harmlessJson(redact(JSON.stringify(value))))
}

/** Lines for people, on stderr: logs beside JSON, refusals, warnings. */
export function note(text: string): void {
  console.error(safe(text))
}

/** A line on stderr that the next one is written over; in a file or a pipe there is none. */
export function showProgress(step: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${step === '' ? '' : `◌ ${oneLine(step)}`}`)
}

/** Where a picture of lines can be drawn over: a terminal, if it is one. */
export interface Screen {
  /** Draws these lines over the ones that were drawn last. */
  redraw(lines: readonly string[]): void
}

/** The terminal behind stdout; undefined where there is none, or none that obeys. */
export function openScreen(terminal: string | undefined): Screen | undefined {
  const out = process.stdout
  if (!out.isTTY || terminal === 'dumb') return undefined
  let drawn = 0
  return {
    redraw(lines) {
      const shown = lines.map((line) => `\u001b[2K${oneLine(line).slice(0, (out.columns || 80) - 1)}\n`)
      out.write(`${drawn > 0 ? `\u001b[${drawn}A` : ''}${shown.join('')}`)
      drawn = lines.length
    },
  }
}

const oneLine = (text: string) => safe(text).replaceAll(/[\n\t]/g, ' ')

/** Adds Markdown to the page of this step, where it has one. */
export async function summarise(
  env: Pick<Env, 'GITHUB_ACTIONS' | 'GITHUB_STEP_SUMMARY'>,
  markdown: string,
): Promise<void> {
  if (env.GITHUB_ACTIONS !== 'true' || env.GITHUB_STEP_SUMMARY === undefined) return
  // Loading it costs 150 ms, so only a run on Actions does.
  const { summary } = await import('@actions/core')
  await summary.addRaw(safe(markdown), true).write()
}

/** Values for the workflow's next steps, where there are any; each is one line. */
export function putOut(env: Pick<Env, 'GITHUB_OUTPUT'>, values: Readonly<Record<string, string>>): void {
  if (env.GITHUB_OUTPUT === undefined) return
  const lines = Object.entries(values).map(([name, value]) => `${name}=${oneLine(value)}\n`)
  appendFileSync(env.GITHUB_OUTPUT, lines.join(''))
}

/** Puts a sentence on the page of this workflow run, where it has one. */
export function annotate(
  kind: 'error' | 'warning' | 'notice',
  text: string,
  options: { on: ActionsEnv; title?: string },
): void {
  if (options.on.GITHUB_ACTIONS !== 'true') return
  const title = options.title === undefined ? '' : ` title=${escapeProperty(safe(options.title))}`
  command(`::${kind}${title}::${escapeData(safe(text))}`)
}

/** Asks GitHub to hide the secrets of these variables in everything that this job prints from now on, by us or by others. */
export function maskSecrets(variables: NodeJS.ProcessEnv): void {
  // In a file, or before somebody's eyes, a mask would itself be what it hides.
  if (variables['GITHUB_ACTIONS'] !== 'true' || process.stderr.isTTY || fstatSync(2).isFile()) return
  for (const form of hiddenForms(secretsIn(variables))) command(`::add-mask::${escapeData(form)}`)
}

export interface ActionsEnv {
  readonly GITHUB_ACTIONS?: string | undefined
}

// On stderr, which the runner reads as it reads stdout: what stands on stdout may be JSON, and `@actions/core` knows no other.
function command(line: string): void {
  console.error(line)
}

// GitHub's own escapes, as its runner takes them back.
const escapeData = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const escapeProperty = (text: string) => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

/** An error that nobody caught: what Node would print shows whatever hangs on it, a statement's parameters among it. */
function crash(thrown: unknown): never {
  const { message, stack } = toErrorRecord(thrown)
  const lines = [`✕ ${message}`, stack ?? '', `Node.js ${process.version}`]
  // At once, because nothing else runs any more.
  writeSync(2, `${safe(lines.join('\n'))}\n`)
  process.exit(1)
}
