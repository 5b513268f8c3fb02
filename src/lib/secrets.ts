// What of this process's variables may never be seen, and in which forms it would be: what redacts, masks and scans asks here.
// Which variables are secret is marked where they are declared, in env.ts.

import { SECRET_VARIABLES } from './env.ts'
import { passwordsIn } from './db/database-url.ts'
import { createRedactor } from './redact.ts'
import { isPlainWord, isThisMachine } from './secret-shapes.ts'
import type { Finding } from './secret-shapes.ts'

/** Shorter ones are parts of any line. */
const SHORTEST = 8
/** Variables that env.ts does not know: a source's key, whatever else the step was given. */
const SECRET_NAME = /token|secret|passw|_pwd$|key|credential|webhook|database_url/i
/** `playoffs`, `Wednesday1`: a word with at most four digits behind it. */
const WORD = /^\p{L}{1,14}\d{0,4}$/u

/** Is a variable of this name taken for secret, whoever set it? */
export const isSecretName = (name: string): boolean => SECRET_VARIABLES.includes(name) || SECRET_NAME.test(name)

export interface Secret {
  /** The variable. */
  readonly name: string
  /** The whole value. */
  readonly value: string
  /** Where it is an address: `user:password@`, as it stands there, encoded and decoded. */
  readonly logins: readonly string[]
  /** Parts that tell everything by themselves: a password, the path of a webhook. Never a word: to hide each place where it
   *  stands would tell it. */
  readonly parts: readonly string[]
  readonly host: string
}

/** The secrets among a process's variables: those that are declared so, are named so, or hold an address with a password. */
export function secretsIn(variables: Readonly<Record<string, string | undefined>>): Secret[] {
  return Object.entries(variables).flatMap(([name, text = '']) => {
    const secret = secretOf(name, text.trim())
    const marked = isSecretName(name)
    return secret.value !== '' && (marked || secret.logins.length > 0) ? [secret] : []
  })
}

/** The forms of these values that are taken out of every text. */
export function hiddenForms(secrets: readonly Secret[]): string[] {
  return [
    ...new Set(secrets.flatMap(({ value, logins, parts }) => [...(isWord(value) ? [] : [value]), ...logins, ...parts])),
  ]
}

/** A function that takes the secrets of these variables out of a text. */
export function createSecretRedactor(variables: Readonly<Record<string, unknown>>): (text: string) => string {
  const texts = Object.entries(variables).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  return createRedactor(hiddenForms(secretsIn(Object.fromEntries(texts))))
}

/** A function that finds the secrets of these variables in a text that is to be published. It names the variable, never the
 *  value. */
export function createOwnSecretFinder(
  variables: Readonly<Record<string, string | undefined>>,
): (text: string) => Finding[] {
  const finders = secretsIn(variables).filter(({ value }) => value.length >= SHORTEST).map((secret) => {
    const { name, value, logins, host } = secret
    // Nobody else reaches this machine: its password tells something only with the host.
    const parts = isThisMachine(host) ? [] : secret.parts
    const redact = createRedactor([value, ...logins.map((login) => login + host), ...parts])
    return { name, isIn: (text: string) => redact(text) !== text }
  }) // prettier-ignore
  return (text) => finders.flatMap(({ name, isIn }) => (isIn(text) ? [{ line: 1, kind: `the value of ${name}` }] : []))
}

function secretOf(name: string, value: string): Secret {
  const { user, password, host, path } = partsOf(value)
  const plain = [user, password].map(decoded)
  const pairs = password === '' ? [] : [[user, password], plain, plain.map((part) => encodeURIComponent(part))]
  const words = [...plain.slice(0, 1), ...host.split('.'), ...decoded(path).split(/[/?&=]/)].map((word) =>
    word.toLowerCase(),
  )
  // A database's address has more forms than a URL's: a psql command, key=value pairs, another driver's parameters.
  const alone = [...pairs.map(([, form = '']) => form), ...passwordsIn(value)].filter(
    (form) => !isWord(form) && !words.includes(form.toLowerCase()),
  )
  // The path of a webhook is its password; a database's is its name.
  const secretPath = password === '' && path.length > 2 * SHORTEST ? [path] : []
  return { name, value, logins: pairs.map((pair) => `${pair.join(':')}@`), parts: [...new Set([...alone, ...secretPath])], host } // prettier-ignore
}

/** Would "***" in its place, wherever it stands, tell it? */
function isWord(text: string): boolean {
  return text.length < SHORTEST || isPlainWord(text) || WORD.test(text)
}

interface Parts {
  readonly user: string
  readonly password: string
  readonly host: string
  readonly path: string
}

/** Of an address, or of what was meant as one: a password with a bare "/", "#" or "@" makes it none. */
function partsOf(value: string): Parts {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url && (url.password !== '' || /^https?:$/.test(url.protocol)))
    return { user: url.username, password: url.password, host: url.hostname, path: `${url.pathname}${url.search}` }
  const [, user = '', password = '', host = ''] =
    /^[a-z][a-z0-9+.-]*:\/\/([^:@/?#]*):(.*)@([^@/:?#]*)/is.exec(value) ?? []
  return { user, password, host, path: '' }
}

/** A part of an address without its escapes; one that has a bare "%" means it. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
