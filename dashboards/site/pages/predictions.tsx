// Predictions as a sports page: does anything beat the close, the week's games with results beside them as they come, and
// the honest account below.

import type { PagePart } from '../../../src/core/league.ts'
import { sayCount } from '../../../src/core/wording.ts'
import type { ViewContext } from '../../../src/views/context.ts'
import type { GameRow, PredictedPeriod } from '../../../src/views/predictions/period.ts'
import type { LeaguePredictions } from '../../../src/views/predictions/predictions.ts'
import { toPage, type SiteFile } from '../build.ts'
import { JobName } from '../kit/job-name.tsx'
import { Frame } from '../kit/layout.tsx'
import { saySigned } from '../kit/numbers.ts'
import { placeOf, sayDay, sayTime } from '../kit/time.tsx'
import { Foresight, Seasons, Summary } from './predictions/account.tsx'
import { sayBets } from './predictions/bet-wording.ts'
import { Calibrations } from './predictions/calibrations.tsx'
import { BySeason, LineMoves, ThroughSeason } from './predictions/charts.tsx'
import { Games } from './predictions/games.tsx'
import { Lead, sayVerdict } from './predictions/verdict.tsx'

interface Props {
  readonly site: ViewContext
  readonly view: LeaguePredictions
}

type Parts = ReadonlyMap<string, PagePart['render']>

/** predictions.html of the first league, and a page beside it for each other: predictions-nba.html. `parts` draws what leagues
 *  add. */
export function renderPredictions(site: ViewContext, views: readonly LeaguePredictions[], parts: Parts): SiteFile[] {
  if (views.length === 0) return [renderNone(site)]
  const pages = views.map(({ league }, i) => ({ name: league.name, path: i === 0 ? FIRST : `predictions-${league.id}.html` })) // prettier-ignore
  return views.map((view, i) => renderLeague({ site, view }, { path: pages[i]?.path ?? FIRST, pages, parts }))
}

const FIRST = 'predictions.html'

interface Place {
  readonly path: string
  readonly pages: readonly { readonly name: string; readonly path: string }[]
  readonly parts: Parts
}

function renderLeague({ site, view }: Props, { path, pages, parts }: Place): SiteFile {
  const verdict = sayVerdict(view)
  return toPage(
    path,
    <Frame site={site} path={path} title="Predictions" description={verdict}>
      <h1>{verdict}</h1>
      {pages.length > 1 && <Leagues path={path} pages={pages} />}
      {view.simulated && !site.simulated && (
        <p class="simulated" role="note">
          Simulated data: these games were made up and nobody played them.
        </p>
      )}
      <Lead {...view} />
      <Current site={site} view={view} />
      <TheAccount view={view} />
      {view.parts.map((part) => parts.get(part.league)?.(part.view))}
      <Notes site={site} view={view} />
    </Frame>,
  )
}

function renderNone(site: ViewContext): SiteFile {
  const none = 'No league predicts games here.'
  return toPage(
    FIRST,
    <Frame site={site} path={FIRST} title="Predictions" description={none}>
      <h1>{none}</h1>
    </Frame>,
  )
}

function Leagues({ path, pages }: Pick<Place, 'path' | 'pages'>) {
  return (
    <nav aria-label="leagues">
      {pages.map((page, i) => (
        <>
          {i > 0 && ' · '}
          {page.path === path ? <b aria-current="page">{page.name}</b> : <a href={page.path}>{page.name}</a>}
        </>
      ))}
    </nav>
  )
}

function Current({ site, view: { league, current, earlier } }: Props) {
  return (
    <section aria-labelledby="week">
      <h2 id="week">{current ? current.name : `The ${league.span}`}</h2>
      {current ? (
        <>
          <p>{saySoFar(current, league, site)}</p>
          <Games site={site} league={league} period={current} />
        </>
      ) : (
        <p class="empty">No game is known yet. {league.empty}</p>
      )}
      {earlier.map((one) => (
        <details>
          <summary>{`${one.name}: ${sayTallies(one) || 'not graded'}; ${
            sayBets(one, league.markets)
              .replace(/[.:].*/s, '')
              .toLowerCase() || 'no prediction'
          }`}</summary>
          <Games site={site} league={league} period={one} />
        </details>
      ))}
    </section>
  )
}

function saySoFar(period: PredictedPeriod, { begin, markets }: LeaguePredictions['league'], site: ViewContext): string {
  const over = period.games.filter((game) => game.score !== undefined).length
  const next = period.games.find((game) => game.startsAt > site.now)
  const games =
    over === period.games.length
      ? `${over === 1 ? 'The one game is' : 'All games are'} over`
      : `${over} of ${period.games.length} games ${over === 1 ? 'is' : 'are'} over`
  const coming = next ? ` Next ${begin}: ${next.away} at ${next.home}, ${sayStart(next, site.zone)}.` : ''
  const tallies = sayTallies(period)
  return `${games}${tallies ? `; our picks: ${tallies}` : ''}.${coming} ${sayBets(period, markets)}`.trim()
}

/** `Sun 29 Nov 13:00 New York`. */
function sayStart({ startsAt, startAssumed }: GameRow, zone: string): string {
  if (startAssumed) return `${sayDay(startsAt, zone)}, its time not known`
  return `${sayDay(startsAt, zone)} ${sayTime(startsAt, zone)} ${placeOf(zone)}`
}

/** `winner 9 of 13, spread 4 of 12, total 5 of 13, −6.43 units on flat stakes`. */
function sayTallies({ tallies }: PredictedPeriod): string {
  if (tallies.length === 0) return ''
  const parts = tallies.map(({ market, right, judged }) => `${market.name.toLowerCase()} ${right} of ${judged}`)
  const profit = tallies.reduce((sum, tally) => sum + tally.profit, 0)
  return `${parts.join(', ')}, ${saySigned(profit, 2)} units on flat stakes`
}

function TheAccount({ view }: { view: LeaguePredictions }) {
  const { account, calibrations, league } = view
  if (account.all.length === 0) return null
  return (
    <section aria-labelledby="account">
      <h2 id="account">The account</h2>
      <div class="summary">
        <Summary {...view} />
      </div>
      <div class="columns">
        <BySeason account={account} />
        <ThroughSeason {...view} />
        <LineMoves {...view} />
      </div>
      {calibrations.length > 0 && <h3>Does it happen as often as was said?</h3>}
      <Calibrations calibrations={calibrations} />
      {league.markets.map((market) => (
        <Seasons account={account} market={market} />
      ))}
      <Foresight {...view} />
    </section>
  )
}

function Notes({ site, view: { models, league } }: Props) {
  const { begin, span, jobs, credit } = league
  return (
    <section aria-labelledby="notes" class="small">
      <h2 id="notes">How to read this</h2>
      <p>
        A prediction is frozen before {begin} by <JobName site={site} job={jobs.predict} /> with the line and prices it
        saw, and graded by <JobName site={site} job={jobs.grade} />; neither row is ever edited. Ours is the model
        alone, blind to the market but for the line itself; the market’s number is the prices’ without the bookmaker’s
        margin, the close the last before {begin}. <b>Brier</b>: mean squared error of a probability, 0.25 for always
        saying half; lower is better, and so is <b>log loss</b>. <b>Return</b>: units won per unit staked, on every pick
        alike. <b>CLV</b>, closing line value: by how much the line, or the price, had moved the pick’s way by the
        close, of each game’s first prediction. <b>Anchored</b>: the market’s probability with a little of ours, by
        which bets are judged. <b>Error</b>: mean distance of margin or total from what was expected, in points.{' '}
        <b>Pushes</b> landed on the line. <b>Intervals</b> are 95 %, {span}s taken as blocks. <b>Bet</b>: a quarter of
        Kelly’s stake by the anchored probability, at most 2 % of a bankroll, and mostly nothing.
      </p>
      {models.length > 0 && (
        <p>
          {models.map(({ version, games, from, to }, i) => (
            <>
              {i > 0 && '; '}
              model <code>{version}</code>, {sayCount(games)} games predicted {sayDay(from, site.zone, true)} to{' '}
              {sayDay(to, site.zone, true)}
            </>
          ))}
          .
        </p>
      )}
      <p>
        Not advice, to bet or otherwise. {credit.of}: <a href={credit.url}>{credit.name}</a>,{' '}
        <a href={credit.licenceUrl}>{credit.licence}</a>, cleaned and worked out anew.
      </p>
    </section>
  )
}
