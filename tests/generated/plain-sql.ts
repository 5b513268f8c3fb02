// SQL as PostgreSQL writes it out, as people write it: words in lower case, lists as lists, no casts of plain text.

/** `CHECK ((state = ANY (ARRAY['a'::text, 'b'::text])))` as `check (state in ('a', 'b'))`. What is quoted stays. */
export function plainly(sql: string): string {
  const text = sql
    .replaceAll(/\('?([^()']*)'::text\)::text/g, `'$1'`)
    .replaceAll(/('(?:[^']|'')*')::(?:text|jsonb)/g, '$1')
    .replaceAll(/ = ANY \(ARRAY\[([^\]]*)\]\)/g, ' in ($1)')
    .replaceAll(/\((-?[\d.]+)\)::double precision/g, '$1')
    .replaceAll('timestamp with time zone', 'timestamptz')
    .replaceAll(' USING btree', '')
  // Between quotes nothing is a keyword.
  const inLower = text.replaceAll(/('(?:[^']|'')*'|"[^"]*")|\b[A-Z]{2,}\b/g, (word, quoted?: string) => quoted ?? word.toLowerCase()) // prettier-ignore
  return inLower.replace(/^(.*\bcheck) \(\((.*)\)\)$/s, (all, head: string, inner: string) => (isBalanced(inner) ? `${head} (${inner})` : all)) // prettier-ignore
}

/** Does no bracket of this close one that was open before it? */
function isBalanced(text: string): boolean {
  let open = 0
  for (const sign of text) {
    if (sign === '(') open += 1
    if (sign === ')') open -= 1
    if (open < 0) return false
  }
  return open === 0
}

/** A comment of its own lines, none longer than 120 signs. */
export function wrapped(remark: string, indent: string): string {
  const lines: string[] = ['']
  for (const word of remark.split(/\s+/)) {
    const line = lines.at(-1) ?? ''
    if (`${indent}-- ${line} ${word}`.length > 120) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.map((line) => `${indent}-- ${line}\n`).join('')
}
