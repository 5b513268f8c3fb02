// Makes what a run collects fit to be kept and shown: secrets out, and nothing in it that JSON or Postgres refuses. Done
// when it is collected, because at the end of a run one bad sign would cost the whole account of it.

export interface Cleaner {
  text(text: string): string
  /** A copy as plain JSON data. What cannot be one becomes a sentence that says so. */
  value(value: unknown): unknown
}

/** Makes the cleaner of a run. */
export function createCleaner(redact: (text: string) => string): Cleaner {
  // Postgres has no place for NUL in texts, nor for half a surrogate pair in jsonb.
  const text = (dirty: string) => redact(dirty.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\u{fffd}'))
  const plain = (_key: string, value: unknown) => {
    if (typeof value === 'string') return text(value)
    return typeof value === 'bigint' ? String(value) : value
  }
  return {
    text,
    value(value) {
      try {
        return JSON.parse(JSON.stringify(value ?? null, plain) ?? 'null') as unknown
      } catch (error) {
        return `cannot be kept as JSON: ${text(String(error))}`
      }
    },
  }
}
