// Log lines for people who read them in the Actions tab: `08:07:03 info  landed games new=16`. JSON lines on request.

import { harmlessJson } from './harmless.ts'

export type LogLevel = 'info' | 'warn' | 'error'

export interface Log {
  info(message: string, facts?: Record<string, unknown>): void
  warn(message: string, facts?: Record<string, unknown>): void
  error(message: string, facts?: Record<string, unknown>): void
  /** The last lines written, oldest first, at most 200: kept with a run that did not end well. */
  tail(): readonly string[]
}

export interface LogOptions {
  readonly write: (line: string) => void
  readonly now: () => Date
  readonly format: 'text' | 'json'
  /** Takes secrets out of a line before anybody sees it. */
  readonly redact: (text: string) => string
  /** Facts that stand on every JSON line: job, run, correlation. */
  readonly facts?: Record<string, unknown>
}

const TAIL_LINES = 200

/** A log that writes each line once and remembers the last ones. */
export function createLog(options: LogOptions): Log {
  const lines: string[] = []
  const log = (level: LogLevel, message: string, facts: Record<string, unknown> = {}) => {
    const line = options.redact(
      options.format === 'json'
        ? toJson(options, { level, message, facts })
        : toText(options, { level, message, facts }),
    )
    lines.push(line)
    if (lines.length > TAIL_LINES) lines.shift()
    options.write(line)
  }
  return {
    info: (message, facts) => log('info', message, facts),
    warn: (message, facts) => log('warn', message, facts),
    error: (message, facts) => log('error', message, facts),
    tail: () => [...lines],
  }
}

interface Entry {
  level: LogLevel
  message: string
  facts: Record<string, unknown>
}

function toJson(options: LogOptions, { level, message, facts }: Entry): string {
  return harmlessJson(JSON.stringify({ time: options.now().toISOString(), level, message, ...options.facts, ...facts }))
}

function toText(options: LogOptions, { level, message, facts }: Entry): string {
  const pairs = Object.entries(facts).map(([key, value]) => ` ${key}=${toWord(value)}`)
  // A line break inside a message could pass for a line, or a workflow command, of its own; to GitHub's runner, which is
  // written in C#, a lone carriage return is one too.
  const oneLine = message.replaceAll(/\s*[\r\n]+\s*/g, ' ⏎ ')
  return `${options.now().toISOString().slice(11, 19)} ${level.padEnd(5)} ${oneLine}${pairs.join('')}`
}

function toWord(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return /[\s"=]/.test(text) ? JSON.stringify(text) : text
}
