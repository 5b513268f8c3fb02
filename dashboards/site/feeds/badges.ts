// Badges: a job's state and when it last succeeded, to be shown where the site is not. White on solid colours, so that they
// read on any page, light or dark.

import type { ViewContext } from '../../../src/views/context.ts'
import type { FeedJob, FeedsView } from '../../../src/views/feeds/feeds.ts'
import type { SiteFile } from '../build.ts'
import { lookOf, type ShownState } from '../kit/state.tsx'
import { sayDay } from '../kit/time.tsx'
import { isTrouble, stateOf } from './status.ts'
import { escapeXml } from './xml.ts'

type Tone = ReturnType<typeof lookOf>['tone']

/** White on each has a contrast of at least 4.5. */
const PLATES: Readonly<Record<Tone, string>> = {
  good: '#2e7d4f',
  warn: '#935700',
  bad: '#b3261e',
  info: '#1f5fbf',
  quiet: '#6b6860',
  live: '#1f5fbf',
}
const LABEL_PLATE = '#33312c'
const HEIGHT = 20
const PADDING = 7

/** `badges/<sport>-<name>.svg` of every job, and `badges/all.svg`. */
export function renderBadges(site: ViewContext, view: FeedsView): SiteFile[] {
  const trouble = isTrouble(view)
  const all = { label: 'matchday', tone: trouble ? ('bad' as const) : ('good' as const), word: trouble ? '✕ trouble' : '● on time' } // prettier-ignore
  return [
    { path: 'badges/all.svg', text: toBadge({ ...all, word: `${all.word} · ${sayDay(site.now, 'UTC')}` }) },
    ...view.jobs.map((job) => ({ path: `badges/${job.job.id.replace('/', '-')}.svg`, text: badgeOf(job) })),
  ]
}

function badgeOf(job: FeedJob): string {
  const state = stateOf(job)
  const { glyph, tone } = state === 'paused' || state === 'none' ? lookOf('waived') : lookOf(state as ShownState)
  const since = job.lastSuccessAt ? ` · last success ${sayDay(job.lastSuccessAt, 'UTC')}` : ' · no success yet'
  const word = state === 'none' ? 'not due yet' : state
  return toBadge({ label: job.job.id, tone, word: `${glyph} ${word}${since}` })
}

function toBadge({ label, word, tone }: { label: string; word: string; tone: Tone }): string {
  const [left, right] = [widthOf(label) + 2 * PADDING, widthOf(word) + 2 * PADDING]
  const title = escapeXml(`${label}: ${word}`)
  const text = (at: number, said: string) =>
    `<text x="${at + PADDING}" y="14" textLength="${widthOf(said)}" lengthAdjust="spacingAndGlyphs">${escapeXml(said)}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<rect width="${left}" height="${HEIGHT}" fill="${LABEL_PLATE}"/>`,
    `<rect x="${left}" width="${right}" height="${HEIGHT}" fill="${PLATES[tone]}"/>`,
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(0, label)}${text(left, word)}</g>`,
    '</svg>\n',
  ].join('')
}

/** What Verdana takes at 11 px, near enough: textLength makes up for the rest. */
function widthOf(text: string): number {
  const narrow = [...text].filter((sign) => 'iljtfr.,:/ ·1-'.includes(sign)).length
  return Math.round(narrow * 4.6 + ([...text].length - narrow) * 7.2)
}
