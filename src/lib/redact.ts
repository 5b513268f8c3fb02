// Takes given texts out of others: out of logs, errors, summaries, whatever form they have there.

import { escapeMarkdown } from '../core/markup.ts'

/** Shorter values would take ordinary words out of every line. */
const SHORTEST_SECRET = 6

/** A function that replaces every given text by `***`: as it is, within JSON, and within Markdown. */
export function createRedactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const hidden = [...new Set(secrets.flatMap((secret) => (secret ? formsOf(secret) : [])))]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
  return (text) => hidden.reduce((result, secret) => result.replaceAll(secret, '***'), text)
}

function formsOf(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), escapeMarkdown(secret)]
}
