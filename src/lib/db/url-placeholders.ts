// Knows the samples that stand in a database URL until somebody puts the real value there: USER, [YOUR-PASSWORD], <host>, *****.

const BRACKETED = /^(?:<.*>|\[.*\]|\{.*\}|\(.*\))$/
const BELONGS = /pass|pw|user|host|server|db|data|name|port|ref|project|your|secret/i
const SAMPLE = /^(?:USER(?:NAME)?|PASS(?:WORD)?|HOST(?:NAME)?|SERVER|PORT|DATABASE|DB(?:_?NAME)?)$|^\$\{?[A-Z_]+\}?$/
const YOURS =
  /^your[-_. ]?(?:db[-_. ]?)?(?:password|pass|user(?:name)?|host(?:name)?|server|db|database|project)(?:[-_. ]?here)?$/i
const MASKED = /\*{4,}|•{4,}|^(?:\*+|•+|…|\.{3,})$/

/** Is this part of a URL a sample and not a value? */
export function isPlaceholder(part: string): boolean {
  const isAddress = /^\[[0-9a-f:.]+\]$/i.test(part) // of IPv6
  if (BRACKETED.test(part) && BELONGS.test(part) && !isAddress) return true
  return SAMPLE.test(part) || YOURS.test(part) || MASKED.test(part)
}
