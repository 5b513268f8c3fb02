// Checks that the built site may be published: every link leads somewhere, pages are small, nothing on it is secret, and no
// provider's terms are broken. Pure: files in, sentences out.

import { gzipSync } from 'node:zlib'

import type { SourceTerms } from '../../src/views/context.ts'
import type { SiteFile } from './build.ts'
import { readableOf, unescapeMarkup } from './readable.ts'
import { BOOKMAKER_ALONE, BOOKMAKER_PRICE, termsOf } from './sharing.ts'

const MOST_BYTES = 1_500_000
/** Of what is loaded only when somebody asks for it: a day of 30,000 slots. */
const MOST_DATA_BYTES = 5_000_000
/** Of the first page with everything that it loads, compressed. */
const FIRST_PAGE_BYTES = 200_000

export interface CheckParts {
  /** Of all leagues, with their terms. */
  readonly sources: readonly SourceTerms[]
  /** `https://github.com/owner/name`; undefined: any repository on GitHub may be linked to. */
  readonly repositoryUrl: string | undefined
  /** What looks like a secret in a text; never the value itself. */
  readonly findSecrets: (text: string) => readonly { readonly kind: string }[]
}

/** A run keeps the address that it had when the repository bore another name. */
const ACTIONS_RUN = /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/actions\/runs\/\d+$/

/** All problems, each `file: found; expected`. Empty: it may be published. */
export function checkSite(files: readonly SiteFile[], parts: CheckParts): string[] {
  const known = new Map(files.map((file) => [file.path, file]))
  const ids = new Map(files.map((file) => [file.path, idsOf(file)]))
  return [
    ...files.flatMap((file) => linksOf(file).flatMap((link) => linkProblem(file, link, { known, ids, parts }) ?? [])),
    ...files.flatMap(sameIdProblems),
    ...files.flatMap(sizeProblems),
    ...files.filter(({ text }) => text.trim() === '').map(({ path }) => `${path}: it is empty; expected something in it`), // prettier-ignore
    ...firstPageProblems(known),
    ...files.flatMap((file) => secretProblems(file, parts)),
    ...files.flatMap((file) => termsProblems(file, parts)),
    ...files.filter(({ path }) => !/^[\w./-]+$/.test(path) || path.includes('..')).map(({ path }) => `${path}: its name needs escaping in a link; expected letters, digits, ".", "_" and "-"`), // prettier-ignore
  ]
}

const isMarkup = ({ path }: SiteFile) => /\.(?:html|atom|svg)$/.test(path)

// One attribute after the other, within tags: a text, in an attribute too, may say "href=x" and lead nowhere.
const TAGS = /<[a-z][^\s>/]*((?:"[^"]*"|'[^']*'|[^>"'])*)>/gi
const ATTRIBUTES = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g
const LEADING = new Set(['href', 'src', 'action', 'formaction', 'xlink:href'])

function linksOf(file: SiteFile): string[] {
  if (!isMarkup(file)) return []
  const found = [...file.text.matchAll(TAGS)].flatMap(([, attributes = '']) => [...attributes.matchAll(ATTRIBUTES)])
  return found.flatMap(([, name = '', double, single, bare]) => {
    const value = LEADING.has(name.toLowerCase()) ? (double ?? single ?? bare) : undefined
    // Browsers read over white space and control signs, before an address and within its scheme.
    return value === undefined ? [] : [unescapeMarkup(value).replaceAll(/[\p{Cc} ]/gu, '')]
  })
}

function idsOf(file: SiteFile): ReadonlySet<string> {
  if (!isMarkup(file)) return new Set()
  return new Set([...file.text.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => unescapeMarkup(id)))
}

interface Known {
  readonly known: ReadonlyMap<string, SiteFile>
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>
  readonly parts: CheckParts
}

function linkProblem(file: SiteFile, link: string, { known, ids, parts }: Known): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(link)) return outsideProblem(file, link, parts)
  if (link.startsWith('/'))
    return `${file.path}: link "${link}" begins at a root; expected a relative one, for the site may lie anywhere`
  const [before = '', fragment] = link.split('#')
  const path = before.split('?')[0] ?? ''
  const target = path === '' ? file.path : resolve(file.path, path)
  if (target === undefined || !known.has(target))
    return `${file.path}: link "${link}" leads to no file; expected one of the site's`
  if (!fragment || !target.endsWith('.html') || ids.get(target)?.has(decodeURIComponent(fragment))) return undefined
  return `${file.path}: link "${link}" leads to no place in ${target}; expected something with that id there`
}

function outsideProblem(file: SiteFile, link: string, { repositoryUrl, sources }: CheckParts): string | undefined {
  const credited = sources.flatMap(({ terms: { credit } }) => (credit ? [credit.url, credit.licenceUrl] : []))
  const allowed = [repositoryUrl ?? 'https://github.com', ...credited]
  if (allowed.some((prefix) => link === prefix || link.startsWith(`${prefix}/`)) || ACTIONS_RUN.test(link))
    return undefined
  return `${file.path}: link "${link.slice(0, 80)}" leads elsewhere; expected a page of the repository, or an address that a league's source is credited with (src/leagues/*/league.ts)`
}

/** Undefined: it leaves the site. */
function resolve(from: string, link: string): string | undefined {
  const parts = from.split('/').slice(0, -1)
  for (const part of link.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined
    } else if (part !== '.') parts.push(part)
  }
  const target = parts.join('/')
  return target === '' || target.endsWith('/') ? `${target}index.html` : target
}

function sameIdProblems(file: SiteFile): string[] {
  if (!file.path.endsWith('.html')) return []
  const all = [...file.text.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => id)
  const twice = new Set(all.filter((id, i) => all.indexOf(id) !== i))
  return [...twice].map((id) => `${file.path}: id "${id}" is there twice; expected each once`)
}

function sizeProblems({ path, text }: SiteFile): string[] {
  const bytes = Buffer.byteLength(text)
  const most = path.startsWith('data/') ? MOST_DATA_BYTES : MOST_BYTES
  if (bytes <= most) return []
  return [`${path}: ${bytes.toLocaleString('en-US')} bytes; expected at most ${most.toLocaleString('en-US')}`]
}

function firstPageProblems(known: Known['known']): string[] {
  const first = known.get('index.html')
  if (first === undefined) return ['index.html: it is not there; expected a first page']
  const loaded = [...first.text.matchAll(/<(?:link rel="(?:stylesheet|icon)"|script)[^>]*\s(?:href|src)="([^"]*)"/g)]
  const files = [first, ...loaded.flatMap(([, link = '']) => known.get(resolve(first.path, link) ?? '') ?? [])]
  const bytes = files.reduce((all, { text }) => all + gzipSync(text).length, 0)
  if (bytes <= FIRST_PAGE_BYTES) return []
  return [`index.html: ${bytes.toLocaleString('en-US')} bytes compressed, with what it loads; expected at most ${FIRST_PAGE_BYTES.toLocaleString('en-US')}`] // prettier-ignore
}

/** In the file as it is and as it is read: a page hides some forms of a secret, its markup others. */
function secretProblems(file: SiteFile, { findSecrets }: CheckParts): string[] {
  const found = [...findSecrets(file.text), ...findSecrets(readableOf(file))]
  const kinds = [...new Set(found.map(({ kind }) => kind))]
  return kinds.map((kind) => `${file.path}: looks like ${kind}; expected nothing secret. If it is one, mend the row that it comes from and revoke it; if it is none, have src/lib/secret-shapes.ts (or own-secrets.ts) tell it from one`) // prettier-ignore
}

function termsProblems(file: SiteFile, { sources }: CheckParts): string[] {
  const lines = readableOf(file).split('\n')
  const own = file.path.endsWith('.html') ? markedProblems(file, sources) : namedProblems(file, { lines, sources })
  return [...own, ...priceProblems(file, lines)]
}

/** In a page the parts that show rows say whose they are. */
function markedProblems({ path, text }: SiteFile, sources: CheckParts['sources']): string[] {
  const marked = [...text.matchAll(/\sdata-source="([^"]*)"/g)].flatMap(([, names = '']) => names.split(' '))
  const always = sources.filter(({ terms }) => terms.pages?.includes(path)).map(({ name }) => name)
  const shown = [...new Set([...marked, ...always])]
  return shown.flatMap((source) => rowsProblem({ path, text }, source, termsOf(sources, source)) ?? [])
}

/** What a row of data says of itself: `source="tab-nz"`. That a source is named in a sentence is news of its health, and
 *  status.json holds nothing else. */
function namedProblems(
  { path }: SiteFile,
  { lines, sources }: { readonly lines: readonly string[]; readonly sources: CheckParts['sources'] },
): string[] {
  if (path === 'status.json' || !/\.(?:json|js)$/.test(path)) return []
  const values = new Set(lines.map(valueOf))
  const forbidden = sources.filter(({ name, terms }) => terms.may !== 'rows' && values.has(name))
  return forbidden.map(({ name, terms }) => `${path}: has rows of ${name}; expected none where programs read: ${terms.say}`) // prettier-ignore
}

/** A line of what can be read, without the name of its field. */
const valueOf = (line: string) => (/^[\w:-]*="(.*)"$/.exec(line)?.[1] ?? line).trim()

/** A bookmaker stands for itself in a cell or a field beside its price, or with the price in one line. */
function priceProblems({ path }: SiteFile, lines: readonly string[]): string[] {
  const book = lines.map((line) => BOOKMAKER_ALONE.exec(valueOf(line)) ?? BOOKMAKER_PRICE.exec(line)).find(Boolean)?.[1]
  if (book === undefined) return []
  return [`${path}: a row of the bookmaker ${book}; expected no prices of a feed that forbids to republish them`]
}

function rowsProblem({ path, text }: SiteFile, source: string, terms: SourceTerms['terms'] | undefined) {
  if (terms === undefined)
    return `${path}: shows rows of "${source}"; expected a source that a league declares, with its terms (src/leagues/*/league.ts)`
  const { may, say, credit } = terms
  if (may !== 'rows')
    return `${path}: shows rows of ${source}; expected ${may === 'figures' ? 'only figures made of them' : 'nothing of it'}: ${say}`
  if (credit && !isNamed(credit, text)) return `${path}: shows rows of ${source} without naming it; expected ${say}`
  return undefined
}

/** The provider, and after it the licence: `CC BY 4.0` or `CC-BY-4.0`. */
function isNamed({ name, licence }: NonNullable<SourceTerms['terms']['credit']>, text: string): boolean {
  const at = text.indexOf(name)
  return at >= 0 && text.slice(at).replaceAll('-', ' ').includes(licence.replaceAll('-', ' '))
}
