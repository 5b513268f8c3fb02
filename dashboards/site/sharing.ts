// What the site may show of each source, by the terms that its league declares. A part of a page that shows a provider's own
// rows says whose they are: <section data-source="nflverse espn">. check.ts holds the pages to it.

import type { SourceTerms, ViewContext } from '../../src/views/context.ts'

// In lower case "tab" is a key, and a word of many a text.
const BOOKMAKERS =
  '[Dd]raft[Kk]ings|[Ff]an[Dd]uel|[Bb]et[Mm][Gg][Mm]|[Cc]aesars|[Pp]innacle|[Bb]et365|[Bb]et[Rr]ivers|[Pp]oints[Bb]et|[Bb]ovada|[Ww]illiam ?[Hh]ill|TAB|[Ss]portsbet|[Ll]adbrokes|[Uu]nibet'
/** A cell or a field with a bookmaker in it stands beside its price. */
export const BOOKMAKER_ALONE = new RegExp(`^(${BOOKMAKERS})$`)
/** With a decimal (1.91) or an American (-110) price within a few words; what has a unit is none. */
export const BOOKMAKER_PRICE = new RegExp(`(?<![\\w-])(${BOOKMAKERS})(?![\\w-]).{0,40}?(?:^|[\\s("@:=])(?:\\d{1,3}\\.\\d{1,3}(?![\\w.%]|\\s?(?:ms|s|m|h|d|[kM]i?B|%)(?!\\w))|[+−-]\\d{3,5}(?![\\w.-]))`) // prettier-ignore

type Site = Pick<ViewContext, 'jobs' | 'sources'>

/** What is known of a source's terms; undefined: no league declares it. */
export function termsOf(sources: Site['sources'], source: string): SourceTerms['terms'] | undefined {
  return sources.find(({ name }) => name === source)?.terms
}

/** The sources that a job reads, itself or through what it needs: a cleaned row is still the provider's. */
export function sourcesOf({ jobs }: Pick<Site, 'jobs'>, job: string): string[] {
  return lookUp(jobs, job).sources
}

const UNKNOWN = 'a provider that is not known'

/** Those of a job's sources whose rows no page may show. One that no league declares is among them; and of a job that has
 *  left the registry, or that needs one, nobody can say whose rows it had. */
export function forbiddenBy({ jobs, sources: known }: Site, job: string): string[] {
  const { sources, hasLeft } = lookUp(jobs, job)
  const forbidding = sources.filter((source) => termsOf(known, source)?.may !== 'rows')
  return hasLeft ? [...forbidding, UNKNOWN] : forbidding
}

function lookUp(jobs: Site['jobs'], job: string): { sources: string[]; hasLeft: boolean } {
  const asked = new Set([job])
  for (const id of asked) {
    const needs = jobs.find((one) => one.id === id)?.needs ?? {}
    Object.keys(needs).forEach((parent) => asked.add(parent))
  }
  const known = jobs.filter(({ id }) => asked.has(id))
  return { sources: [...new Set(known.flatMap(({ sources }) => sources))].sort(), hasLeft: known.length < asked.size }
}
