// What a reader of a file would see: text without tags and entities, JSON without its escapes, a calendar's lines unfolded.
// A scan of the file as it is written would miss what stands in it in another form.

import type { SiteFile } from './build.ts'

/** What the file says, one thing a line. */
export function readableOf(file: SiteFile): string {
  const { path, text } = file
  if (/\.(?:html|svg|atom)$/.test(path)) return ofMarkup(text)
  if (path.endsWith('.json')) return ofJson(text)
  if (path.endsWith('.ics')) return ofCalendar(text)
  const [, rows] = /^matchday\.shard\("[^"]*",\s*(.*)\)\s*$/s.exec(text) ?? []
  return rows === undefined ? text : ofJson(rows)
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&', nbsp: ' ' }

/** Text in HTML or XML without its entities; those that this site never writes stay as they are. */
export function unescapeMarkup(text: string): string {
  return text.replaceAll(/&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]+);/gi, (all, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? all
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}

const COMMENT = /<!--([\s\S]*?)-->/g
// An attribute may hold a bare ">".
const TAG = /<\/?([a-z][\w:-]*|!doctype|\?xml)((?:[^>"]|"[^"]*")*)>/gi
/** They stand in the middle of a line. */
const INLINE = new Set(['a', 'abbr', 'b', 'code', 'em', 'i', 'mark', 'small', 'span', 'strong', 'sub', 'sup', 'time', 'tspan']) // prettier-ignore

function ofMarkup(text: string): string {
  const attributes: string[] = []
  const words = text
    .replaceAll(COMMENT, '\n$1\n')
    // A list of facts reads as "name: value".
    .replaceAll(/<\/dt>\s*<dd[^>"]*>/g, ': ')
    .replaceAll(TAG, (_, name: string, rest: string) => {
      attributes.push(...[...rest.matchAll(/[\w:-]+="[^"]*"/g)].map(([attribute]) => unescapeMarkup(attribute)))
      return name === 'wbr' ? '' : INLINE.has(name) ? ' ' : '\n'
    })
  return [unescapeMarkup(words), ...attributes].join('\n')
}

/** Every text as `its key="the text"`; what is no JSON stays as it is. */
function ofJson(text: string): string {
  const lines: string[] = []
  try {
    JSON.parse(text, (key, value: unknown) => {
      if (typeof value === 'string') lines.push(`${key}="${value}"`)
      else if (typeof value === 'object' && value !== null && !Array.isArray(value)) lines.push(...Object.keys(value))
      return value
    })
  } catch {
    return text
  }
  return lines.join('\n')
}

/** Lines that go on after a break and a space are one line (RFC 5545, 3.1); escapes of its values are taken back. */
function ofCalendar(text: string): string {
  return text.replaceAll(/\r?\n[ \t]/g, '').replaceAll(/\\([\\;,])/g, '$1').replaceAll(/\\n/gi, '\n') // prettier-ignore
}
