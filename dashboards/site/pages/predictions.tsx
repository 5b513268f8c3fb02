// Predictions as a sports page: does anything beat the close, the week's games with results beside them as they come, and
// the honest account below.

import type { ViewContext } from '../../../src/views/context.ts'
import type { PredictionsView } from '../../../src/views/predictions/predictions.ts'
import type { PredictedWeek } from '../../../src/views/predictions/week.ts'
import { toPage, type SiteFile } from '../build.ts'
import { JobName } from '../kit/job-name.tsx'
import { Frame } from '../kit/layout.tsx'
import { sayCount } from '../kit/numbers.ts'
import { placeOf, sayDay, sayTime } from '../kit/time.tsx'
import { Foresight, Seasons, Summary } from './predictions/account.tsx'
import { Calibrations } from './predictions/calibrations.tsx'
import { BySeason, LineMoves, ThroughSeason } from './predictions/charts.tsx'
import { Fantasy } from './predictions/fantasy.tsx'
import { Games } from './predictions/games.tsx'
import { Lead, sayVerdict } from './predictions/verdict.tsx'
import { MARKET_NAMES, sayBets, saySigned, sayWeek } from './predictions/words.ts'

interface Props {
  readonly site: ViewContext
  readonly view: PredictionsView
}

/** predictions.html. */
export function renderPredictions(site: ViewContext, view: PredictionsView): SiteFile[] {
  const path = 'predictions.html'
  const verdict = sayVerdict(view.verdict, view.account)
  return [
    toPage(
      path,
      <Frame site={site} path={path} title="Predictions" description={verdict}>
        <h1>{verdict}</h1>
        {view.simulated && !site.simulated && (
          <p class="simulated" role="note">
            Simulated data: these games were made up and nobody played them.
          </p>
        )}
        <Lead account={view.account} />
        <ThisWeek site={site} view={view} />
        <TheAccount view={view} />
        <Fantasy fantasy={view.fantasy} />
        <Notes site={site} view={view} />
      </Frame>,
    ),
  ]
}

function ThisWeek({ site, view: { week, earlier } }: Props) {
  return (
    <section aria-labelledby="week">
      <h2 id="week">{week ? sayWeek(week) : 'The week'}</h2>
      {week ? (
        <>
          <p>{saySoFar(week, site)}</p>
          <Games site={site} week={week} />
        </>
      ) : (
        <p class="empty">
          No game is known yet. nfl/bronze brings the schedule on Tuesday, nfl/predict freezes predictions from
          Wednesday on.
        </p>
      )}
      {earlier.map((one) => (
        <details>
          <summary>{`${sayWeek(one)}: ${sayTallies(one) || 'not graded'}; ${
            sayBets(one)
              .replace(/[.:].*/s, '')
              .toLowerCase() || 'no prediction'
          }`}</summary>
          <Games site={site} week={one} />
        </details>
      ))}
    </section>
  )
}

function saySoFar(week: PredictedWeek, site: ViewContext): string {
  const over = week.games.filter((game) => game.score !== undefined).length
  const next = week.games.find((game) => game.kickoffAt > site.now)
  const games =
    over === week.games.length
      ? `${over === 1 ? 'The one game is' : 'All games are'} over`
      : `${over} of ${week.games.length} games ${over === 1 ? 'is' : 'are'} over`
  const coming = next ? ` Next kick-off: ${next.away} at ${next.home}, ${sayKickoff(next, site.zone)}.` : ''
  const tallies = sayTallies(week)
  return `${games}${tallies ? `; our picks: ${tallies}` : ''}.${coming} ${sayBets(week)}`.trim()
}

/** `Sun 29 Nov 13:00 New York`. */
function sayKickoff({ kickoffAt, kickoffAssumed }: PredictedWeek['games'][number], zone: string): string {
  if (kickoffAssumed) return `${sayDay(kickoffAt, zone)}, its time not known`
  return `${sayDay(kickoffAt, zone)} ${sayTime(kickoffAt, zone)} ${placeOf(zone)}`
}

/** `winner 9 of 13, spread 4 of 12, total 5 of 13, −6.43 units on flat stakes`. */
function sayTallies({ tallies }: PredictedWeek): string {
  if (tallies.length === 0) return ''
  const parts = tallies.map(
    ({ market, right, judged }) => `${MARKET_NAMES[market].toLowerCase()} ${right} of ${judged}`,
  )
  const profit = tallies.reduce((sum, tally) => sum + tally.profit, 0)
  return `${parts.join(', ')}, ${saySigned(profit, 2)} units on flat stakes`
}

function TheAccount({ view }: { view: PredictionsView }) {
  const { account, calibrations } = view
  if (account.all.length === 0) return null
  return (
    <section aria-labelledby="account">
      <h2 id="account">The account</h2>
      <div class="summary">
        <Summary account={account} />
      </div>
      <div class="columns">
        <BySeason account={account} />
        <ThroughSeason season={view.season} />
        <LineMoves account={account} lineMoves={view.lineMoves} />
      </div>
      {calibrations.length > 0 && <h3>Does it happen as often as was said?</h3>}
      <Calibrations calibrations={calibrations} />
      <Seasons account={account} market="moneyline" />
      <Seasons account={account} market="ats" />
      <Seasons account={account} market="ou" />
      <Foresight account={account} />
    </section>
  )
}

function Notes({ site, view: { models } }: Props) {
  return (
    <section aria-labelledby="notes" class="small">
      <h2 id="notes">How to read this</h2>
      <p>
        A prediction is frozen before kick-off by <JobName site={site} job="nfl/predict" /> with the line and prices it
        saw, and graded by <JobName site={site} job="nfl/results" />; neither row is ever edited. Ours is the model
        alone, blind to the market but for the line itself; the market’s number is the prices’ without the bookmaker’s
        margin, the close the last before kick-off. <b>Brier</b>: mean squared error of a probability, 0.25 for always
        saying half; lower is better, and so is <b>log loss</b>. <b>Return</b>: units won per unit staked, on every pick
        alike. <b>CLV</b>, closing line value: by how much the line, or the price, had moved the pick’s way by the
        close, of each game’s first prediction. <b>Anchored</b>: the market’s probability with a little of ours, by
        which bets are judged. <b>Error</b>: mean distance of margin or total from what was expected, in points.{' '}
        <b>Pushes</b> landed on the line. <b>Intervals</b> are 95 %, weeks taken as blocks. <b>Bet</b>: a quarter of
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
        Not advice, to bet or otherwise. Games, scores, lines and player statistics:{' '}
        <a href="https://github.com/nflverse/nflverse-data">nflverse</a>,{' '}
        <a href="https://creativecommons.org/licenses/by/4.0/">CC-BY-4.0</a>, cleaned and worked out anew.
      </p>
    </section>
  )
}
