// A number and its unit stay on one line, wherever a page says one: a phone would part "2" from "m".

/** Tags, and what is no prose: scripts and styles are hashed or read by programs, logs keep their columns. */
const APART = /(<(script|style|pre)\b[\s\S]*?<\/\2>|<[^>]*>)/
const UNIT = /(\d) (?=(?:%|ms|s|m|h|d|kB|MB|MiB)(?![\w-]))/g

/** The page with no-break spaces before its units; tags and attributes stay as they are. */
export function unbroken(html: string): string {
  // The split keeps what it splits at, and the name of the element in it: of three parts the first is text.
  return html
    .split(APART)
    .map((part, i) => (i % 3 === 0 ? part.replace(UNIT, '$1\u00a0') : i % 3 === 1 ? part : ''))
    .join('')
}
