// The frame of every page: head, navigation, the banner of a stale site, the footer. Paths are relative, so that the site
// opens from a file and under any sub-path.

import type { ComponentChildren } from 'preact'

import type { ViewContext } from '../../../src/views/context.ts'
import { policyOf } from './policy.ts'
import { Instant, placeOf, Relative } from './time.tsx'

const PAGES = [
  { file: 'index.html', name: 'Overview' },
  { file: 'slots.html', name: 'Slots' },
  { file: 'week.html', name: 'Week' },
  { file: 'predictions.html', name: 'Predictions' },
  { file: 'failures.html', name: 'Failures' },
  { file: 'freshness.html', name: 'Freshness' },
  { file: 'schedule.html', name: 'Schedule' },
] as const

export interface FrameProps {
  readonly site: ViewContext
  /** Below the site's root, with forward slashes: `jobs/nfl/bronze.html`. */
  readonly path: string
  readonly title: string
  /** What the page answers, in a sentence: for search and for the preview of a link. */
  readonly description: string
  /** In which the page says times where it names no place; the site's, unless given. */
  readonly zone?: string
  /** Scripts that stand in the page itself, word for word: no other runs. */
  readonly inlineScripts?: readonly string[]
  readonly children: ComponentChildren
}

/** `../../` for a page two folders down. */
export function rootOf(path: string): string {
  return '../'.repeat(path.split('/').length - 1)
}

/** A whole page. */
export function Frame({ site, path, title, description, zone = site.zone, inlineScripts, children }: FrameProps) {
  const root = rootOf(path)
  return (
    <html lang="en" data-built={site.now.toISOString()} data-replay={isReplay(site) ? '' : undefined}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policyOf(inlineScripts)} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · Matchday`}</title>
        <meta name="description" content={description} />
        <meta name="color-scheme" content="light dark" />
        <link rel="stylesheet" href={`${root}assets/site.css`} />
        <link rel="icon" href={`${root}assets/icon.svg`} type="image/svg+xml" />
        <link rel="alternate" type="application/atom+xml" title="Incidents" href={`${root}incidents.atom`} />
        <script src={`${root}assets/site.js`} defer />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the page
        </a>
        <Header site={site} path={path} zone={zone} />
        <p class="stale" role="status" hidden />
        {(site.simulated || isReplay(site)) && (
          <aside class="simulated" aria-label="What this is">
            {isReplay(site) && (
              <>
                A replay: this is how things stood on <Instant at={site.now} zone={site.zone} />.{' '}
              </>
            )}
            {site.simulated && 'Simulated data: nothing here happened in a real league.'}
          </aside>
        )}
        <main id="main" tabindex={-1}>
          {children}
        </main>
        <Footer site={site} root={root} />
      </body>
    </html>
  )
}

/** A replay has its own time: nothing on its site goes on when it is read. */
const isReplay = ({ environment }: ViewContext) => environment === 'replay'

function Header({ site, path, zone }: Pick<FrameProps, 'site' | 'path'> & { zone: string }) {
  const root = rootOf(path)
  return (
    <header class="top">
      <a class="brand" href={`${root}index.html`}>
        Matchday
      </a>
      <nav aria-label="Pages">
        {PAGES.map(({ file, name }) => (
          <a href={root + file} aria-current={file === path ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <span class="built">
        times: {placeOf(zone)}, unless another place is named · built <Instant at={site.now} zone="UTC" />
        <span class="age" hidden>
          {' '}
          · <Relative at={site.now} now={site.now} />
        </span>
      </span>
      <button type="button" class="theme" hidden aria-label="Switch between light and dark">
        ◑
      </button>
    </header>
  )
}

function Footer({ site, root }: { site: ViewContext; root: string }) {
  return (
    <footer>
      <span>
        {site.environment} · data as of <Instant at={site.now} zone="UTC" />
      </span>
      <span>
        <a href={`${root}status.json`}>status.json</a> · <a href={`${root}calendar.ics`}>calendar</a> ·{' '}
        <a href={`${root}incidents.atom`}>incidents feed</a>
        {site.repositoryUrl && (
          <>
            {' '}
            · <a href={site.repositoryUrl}>repository</a>
          </>
        )}
      </span>
    </footer>
  )
}
