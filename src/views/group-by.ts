// Rows of a statement over all jobs, put together again job by job.

/** Rows that belong together, as one value each. */
export function groupBy<Row, Value>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  toValue: (own: Row[]) => Value,
): Map<string, Value> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const own = groups.get(keyOf(row))
    if (own) own.push(row)
    else groups.set(keyOf(row), [row])
  }
  return new Map([...groups].map(([key, own]) => [key, toValue(own)]))
}
