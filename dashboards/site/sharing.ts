// What the site may show of each source, by its terms (read 2026-11). A part of a page that shows a provider's own rows says
// whose they are: <section data-source="nflverse espn">. check.ts holds the pages to this table.

import type { ViewContext } from '../../src/views/context.ts'

export interface Sharing {
  readonly source: string
  /** rows: as received or cleaned; figures: only what we worked out of them, such as an average error; nothing. */
  readonly may: 'rows' | 'figures' | 'nothing'
  readonly terms: string
  /** What a page that shows its rows has to say, and how it can. */
  readonly attribution?: RegExp
  readonly credit?: { readonly url: string; readonly licence: string; readonly licenceUrl: string }
  /** Pages that always show its rows. */
  readonly pages?: readonly string[]
}

export const SHARING: readonly Sharing[] = [
  {
    source: 'nflverse',
    may: 'rows',
    terms: 'CC BY 4.0: to be named, with a link to the licence',
    attribution: /nflverse[\s\S]*CC[ -]BY[ -]4\.0/,
    credit: { url: 'https://github.com/nflverse', licence: 'CC BY 4.0', licenceUrl: 'https://creativecommons.org/licenses/by/4.0/' }, // prettier-ignore
    pages: ['predictions.html'],
  },
  { source: 'nfelo', may: 'figures', terms: 'no licence is stated' },
  { source: 'nfl-com', may: 'figures', terms: 'personal use only: no projection of theirs is shown' },
  {
    source: 'odds-api',
    may: 'figures',
    terms: 'no republication of rows: consensus and edges only, no price of a book',
  },
  { source: 'mlb-stats', may: 'figures', terms: 'individual, non-commercial, non-bulk use' },
  { source: 'nba-cdn', may: 'figures', terms: 'no licence for republication is stated' },
  { source: 'espn', may: 'figures', terms: 'no licence for republication is stated' },
  { source: 'sleeper', may: 'figures', terms: 'free to use; no licence for republication is stated' },
  { source: 'tab-nz', may: 'nothing', terms: 'personal use only, not to be republished without permission' },
]

// In lower case "tab" is a key, and a word of many a text.
const BOOKMAKERS = '[Dd]raft[Kk]ings|[Ff]an[Dd]uel|[Bb]et[Mm][Gg][Mm]|[Cc]aesars|[Pp]innacle|[Bb]et365|[Bb]et[Rr]ivers|[Pp]oints[Bb]et|[Bb]ovada|[Ww]illiam ?[Hh]ill|TAB|[Ss]portsbet|[Ll]adbrokes|[Uu]nibet' // prettier-ignore
/** A cell or a field with a bookmaker in it stands beside its price. */
export const BOOKMAKER_ALONE = new RegExp(`^(${BOOKMAKERS})$`)
/** With a decimal (1.91) or an American (-110) price within a few words; what has a unit is none. */
export const BOOKMAKER_PRICE = new RegExp(`(?<![\\w-])(${BOOKMAKERS})(?![\\w-]).{0,40}?(?:^|[\\s("@:=])(?:\\d{1,3}\\.\\d{1,3}(?![\\w.%]|\\s?(?:ms|s|m|h|d|[kM]i?B|%)(?!\\w))|[+−-]\\d{3,5}(?![\\w.-]))`) // prettier-ignore

/** What is known of a source's terms; undefined: nobody has looked them up. */
export function sharingOf(source: string): Sharing | undefined {
  return SHARING.find((one) => one.source === source)
}

/** The sources that a job reads, itself or through what it needs: a cleaned row is still the provider's. */
export function sourcesOf(jobs: ViewContext['jobs'], job: string): string[] {
  return lookUp(jobs, job).sources
}

const UNKNOWN = 'a provider that is not known'

/** Those of a job's sources whose rows no page may show. One that nobody has looked up is among them; and of a job that has
 *  left the registry, or that needs one, nobody can say whose rows it had. */
export function forbiddenBy(jobs: ViewContext['jobs'], job: string): string[] {
  const { sources, hasLeft } = lookUp(jobs, job)
  const forbidding = sources.filter((source) => sharingOf(source)?.may !== 'rows')
  return hasLeft ? [...forbidding, UNKNOWN] : forbidding
}

function lookUp(jobs: ViewContext['jobs'], job: string): { sources: string[]; hasLeft: boolean } {
  const asked = new Set([job])
  for (const id of asked) {
    const needs = jobs.find((one) => one.id === id)?.needs ?? {}
    Object.keys(needs).forEach((parent) => asked.add(parent))
  }
  const known = jobs.filter(({ id }) => asked.has(id))
  return { sources: [...new Set(known.flatMap(({ sources }) => sources))].sort(), hasLeft: known.length < asked.size }
}
