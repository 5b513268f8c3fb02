// The first table below a heading of a Markdown file, found and written anew as prettier would have it. Pure.

/** Where its lines are: the indexes of the first and the last; undefined: there is none before the next heading. */
export function tableBelow(text: string, heading: string): { first: number; last: number } | undefined {
  const lines = text.split('\n')
  const from = lines.indexOf(heading)
  const next = lines.findIndex((line, i) => i > from && /^#+ /.test(line))
  const within = (i: number) => i > from && (next < 0 || i < next)
  const first = lines.findIndex((line, i) => from >= 0 && within(i) && line.startsWith('|'))
  if (first < 0) return undefined
  const after = lines.findIndex((line, i) => i > first && !line.startsWith('|'))
  return { first, last: (after < 0 ? lines.length : after) - 1 }
}

/** The file with these rows in that table's place, the first of them its head; as it was where it has no table there. */
export function withTableBelow(text: string, heading: string, rows: readonly (readonly string[])[]): string {
  const place = tableBelow(text, heading)
  if (place === undefined) return text
  const lines = text.split('\n')
  return [...lines.slice(0, place.first), ...drawn(rows), ...lines.slice(place.last + 1)].join('\n')
}

/** Every column is as wide as its widest cell. */
function drawn([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)))
  const draw = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [draw(head), draw(widths.map((width) => '-'.repeat(width))), ...rows.map(draw)]
}
