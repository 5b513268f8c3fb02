// Which of a process's own secrets a text holds, word for word: shapes find what looks like a secret, this what is one.

import { createRedactor, decoded } from './redact.ts'
import { isPlainWord, isThisMachine } from './secret-shapes.ts'
import type { Finding } from './secret-shapes.ts'

/** Shorter values are words of any page. */
const SHORTEST = 8
const SECRET_NAME = /token|secret|passw|_pwd$|key|credential|webhook|heartbeat_url|smtp_url|database_url/i

/** A function that finds the values of all variables which are named like a secret, or hold an address with a password: the
 *  whole value, the password within it, and user and password before its host, whatever the port. It names the variable,
 *  never the value. */
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
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (!url?.password && !SECRET_NAME.test(name)) return []
  const parts = url?.password ? loginsOf(url) : []
  // Nobody else reaches this machine, and a word stands on many a page for itself: they tell something only with the host.
  if (url?.password && (isPlainWord(url.password) || isThisMachine(url.hostname)))
    return [{ name, isIn: (text) => [value, ...parts].some((part) => text.includes(part)) }]
  const redact = createRedactor([value, ...parts])
  return [{ name, isIn: (text) => redact(text) !== text }]
}

/** `user:password@host`, as the address has it, encoded and decoded. */
function loginsOf({ username, password, hostname }: URL): string[] {
  const plain = [username, password].map(decoded)
  const logins = [[username, password], plain, plain.map((part) => encodeURIComponent(part))]
  return logins.map(([user, secret]) => `${user}:${secret}@${hostname}`)
}
