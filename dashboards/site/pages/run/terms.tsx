// Says which providers' rows a run may hold, and whether their terms let a page show them.

import { forbiddenBy, sourcesOf, termsOf } from '../../sharing.ts'

import type { RunProps } from './origin.tsx'

type Shown = Pick<RunProps, 'site' | 'run'>

/** For `data-source` of a section that shows rows: `nflverse espn`; undefined for a job without a source. */
export function marksOf({ site, run }: Shown): string | undefined {
  return sourcesOf(site, run.job).join(' ') || undefined
}

/** The sources whose rows its page may not show. */
export function forbiddingOf({ site, run }: Shown): string[] {
  return forbiddenBy(site, run.job)
}

/** What stands where rows would. */
export function Withheld({ site, run }: Shown) {
  const forbidding = forbiddingOf({ site, run })
  if (forbidding.length === 0) return null
  return (
    <section>
      <h2>What is not shown</h2>
      {forbidding.map((source) => (
        <p>
          Its tables, notes, result, failed items, log and the words of its errors may hold rows of {source}, whose
          terms do not let a site show them ({termsOf(site.sources, source)?.say ?? 'nobody has looked them up'}). They
          are in the ledger.
        </p>
      ))}
    </section>
  )
}

/** Whoever asks to be named is. */
export function Credits({ site, run }: Shown) {
  const credits = sourcesOf(site, run.job).flatMap((source) => termsOf(site.sources, source)?.credit ?? [])
  if (credits.length === 0) return null
  return (
    <p class="small faint">
      Rows of{' '}
      {credits.map(({ name, url, licence, licenceUrl }) => (
        <>
          <a href={url}>{name}</a>, <a href={licenceUrl}>{licence}</a>, cleaned and worked out anew.{' '}
        </>
      ))}
    </p>
  )
}
