// incidents.atom, as RFC 4287 has it: an entry an incident, updated when it ends or comes back.

import type { ViewContext } from '../../../src/views/context.ts'
import type { FeedIncident, FeedsView } from '../../../src/views/feeds/feeds.ts'
import type { SiteFile } from '../build.ts'
import { placeOf, sayDay, sayTime } from '../kit/time.tsx'
import { escapeXml } from './xml.ts'

/** `incidents.atom`. */
export function renderIncidents(site: ViewContext, { incidents }: FeedsView): SiteFile {
  const newest = Math.max(...incidents.map((incident) => incident.changedAt.getTime()), 0)
  const text = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    `<id>${escapeXml(idOf(site, 'incidents'))}</id>`,
    `<title>Matchday ${escapeXml(site.environment)}: incidents</title>`,
    `<subtitle>What went wrong, since when, and when it was over.${site.simulated ? ' Simulated.' : ''}</subtitle>`,
    // Without an incident the feed has not changed since it was made; a build is all that can be said of that.
    `<updated>${(newest > 0 ? new Date(newest) : site.now).toISOString()}</updated>`,
    '<author><name>Matchday</name></author>',
    '<link rel="self" type="application/atom+xml" href="incidents.atom"/>',
    '<link rel="alternate" type="text/html" href="failures.html"/>',
    ...incidents.map((incident) => entryOf(site, incident)),
    '</feed>',
  ]
  return { path: 'incidents.atom', text: `${text.join('\n')}\n` }
}

/** Stays the same for ever: a build, a rename of the site's address or a new commit changes nothing in it. */
function idOf({ repositoryUrl, environment }: ViewContext, what: string): string {
  const repository = repositoryUrl?.replace(/^https?:\/\//, '')
  const [authority = 'matchday.invalid', ...path] = (repository ?? 'matchday.invalid').split('/')
  return `tag:${authority},2026:${[...path, environment, what].join('/')}`
}

function entryOf(site: ViewContext, incident: FeedIncident): string {
  const { id, subject, cause, severity, title, detail, runId, openedAt, closedAt } = incident
  const said = (at: Date) => `${sayDay(at, site.zone, true)} ${sayTime(at, site.zone)} ${placeOf(site.zone)}`
  const over = closedAt ? `Over since ${said(closedAt)}.` : 'Not over yet.'
  const summary = [detail, `Opened ${said(openedAt)}. ${over}`].filter(Boolean).join('\n')
  return [
    '<entry>',
    `<id>${escapeXml(idOf(site, `incidents/${id}`))}</id>`,
    `<title>${escapeXml(closedAt ? `Over: ${title}` : title)}</title>`,
    `<published>${openedAt.toISOString()}</published>`,
    `<updated>${incident.changedAt.toISOString()}</updated>`,
    ...['subject', 'cause', 'severity'].map((scheme, i) => `<category scheme="${scheme}" term="${escapeXml([subject, cause, severity][i] ?? '')}"/>`), // prettier-ignore
    `<link rel="alternate" type="text/html" href="${escapeXml(linkOf(site, runId))}"/>`,
    `<summary type="text">${escapeXml(summary)}</summary>`,
    '</entry>',
  ].join('')
}

function linkOf(site: ViewContext, runId: string | undefined): string {
  return runId !== undefined && site.runsWithPages?.has(runId) ? `runs/${runId}.html` : 'failures.html'
}
