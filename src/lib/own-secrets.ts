// Which of a process's own secrets a text holds, word for word: shapes find what looks like a secret, this what is one.

import { createRedactor } from './redact.ts'
import { isRealPassword } from './secret-shapes.ts'
import type { Finding } from './secret-shapes.ts'

/** Shorter values are words of any page. */
const SHORTEST = 8
const SECRET_NAME = /token|secret|passw|_pwd$|key|credential|webhook|heartbeat_url|smtp_url|database_url/i

/** A function that finds the values of all variables which are named like a secret, or hold an address with a password: the
 *  whole value, and the password within it. It names the variable, never the value. */
export function createOwnSecretFinder(
  variables: Readonly<Record<string, string | undefined>>,
): (text: string) => Finding[] {
  const finders = Object.entries(variables).flatMap(([name, value = '']) => finderOf(name, value.trim()))
  return (text) => finders.flatMap(({ name, isIn }) => (isIn(text) ? [{ line: 1, kind: `the value of ${name}` }] : []))
}

interface Finder {
  readonly name: string
  readonly isIn: (text: string) => boolean
}

function finderOf(name: string, value: string): Finder[] {
  if (value.length < SHORTEST) return []
  const { password, hostname } = URL.canParse(value) ? new URL(value) : { password: '', hostname: '' }
  if (password === '' && !SECRET_NAME.test(name)) return []
  // "postgres" is the password of many a laptop, and a word of many a page.
  if (password !== '' && !isRealPassword(password, hostname)) return [{ name, isIn: (text) => text.includes(value) }]
  const redact = createRedactor([value])
  return [{ name, isIn: (text) => redact(text) !== text }]
}
