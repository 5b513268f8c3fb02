// Takes known secrets out of texts: logs, errors, summaries. A connection string hides more than one.

/** Shorter values would take ordinary words out of every line. */
const SHORTEST_SECRET = 6

/** A function that replaces every given secret, and the password inside a URL among them, by `***`. */
export function createRedactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const hidden = [...new Set(secrets.flatMap(partsOf))]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
  return (text) => hidden.reduce((result, secret) => result.replaceAll(secret, '***'), text)
}

function partsOf(secret: string | undefined): string[] {
  if (!secret) return []
  if (!URL.canParse(secret)) return [secret]
  const { password } = new URL(secret)
  return password === '' ? [secret] : [secret, password, decoded(password)]
}

/** A part of an address without its escapes; one that has a bare "%" means it. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
