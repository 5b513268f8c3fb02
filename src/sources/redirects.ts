// Follows a provider's redirects by hand: over https alone, a few times at most, and only to where this provider may send us.
// Whoever can answer in its place could otherwise have us ask anything, this machine's own services among it.

import { SourceFailure } from '../core/errors.ts'

export interface Journey {
  /** The provider's name, for messages. */
  readonly source: string
  readonly url: URL
  /** Hosts beside its own that it may send us on to, by their ends: `githubusercontent.com`. */
  readonly redirectsTo?: readonly string[] | undefined
}

const REDIRECTS = [301, 302, 303, 307, 308]
const MOST = 5
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** The first answer that is no redirect. Throws SourceFailure for one that leads where it may not. */
export async function askAlong(journey: Journey, ask: (url: URL) => Promise<Response>): Promise<Response> {
  let url = journey.url
  for (let hop = 0; hop <= MOST; hop += 1) {
    const response = await ask(url)
    if (!REDIRECTS.includes(response.status)) return response
    await response.body?.cancel()
    url = nextPlace(journey, { from: url, to: response.headers.get('location') ?? '' })
  }
  throw refused(journey, `it redirects more than ${MOST} times`)
}

function nextPlace(journey: Journey, { from, to }: { from: URL; to: string }): URL {
  if (!URL.canParse(to, from)) throw refused(journey, 'its redirect names no address')
  const next = new URL(to, from)
  const { hostname } = journey.url
  const own = next.hostname === hostname
  if (!own && !journey.redirectsTo?.some((end) => next.hostname === end || next.hostname.endsWith(`.${end}`)))
    throw refused(journey, `it redirects to ${next.hostname || 'no host'}, which is not one of its hosts`)
  // This machine may speak to itself in the clear.
  if (next.protocol !== 'https:' && !(own && next.protocol === 'http:' && LOOPBACK.test(hostname)))
    throw refused(journey, `it redirects to ${next.hostname} without https`)
  // fetch would refuse it too, and quote it.
  if (next.username !== '' || next.password !== '') throw refused(journey, 'its redirect holds a login')
  return next
}

/** Names a host at most: the rest of the address, and what it would have answered, are somebody else's words. */
function refused({ source, url }: Journey, what: string): SourceFailure {
  return new SourceFailure(
    `${source} was not followed from ${url.host}${url.pathname}: ${what}. Nothing was fetched; if the provider has moved, name its new host in its client under src/sources.`,
    // A page of maintenance on another host passes, and not within a minute.
    { code: 'source_redirect', retryAfterSeconds: 30 * 60, context: { source, path: url.pathname } },
  )
}
