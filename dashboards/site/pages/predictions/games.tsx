// A period as the sports page has it: games by day, and in each market the pick, our number, the market's number
// and what became of it.

import type { PredictedMarket } from '../../../../src/core/predicted.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { GameRow, MarketCell, MarketTally, PredictedPeriod } from '../../../../src/views/predictions/period.ts'
import type { LeaguePredictions } from '../../../../src/views/predictions/predictions.ts'
import { sayBrier, sayShare, saySigned } from '../../kit/numbers.ts'
import { placeOf, sayDay, sayTime } from '../../kit/time.tsx'
import { sayBet, sayPick, sayPrice } from './bet-wording.ts'

const COLUMNS = ['pick', 'ours', 'market', 'result'] as const

interface Props {
  readonly site: ViewContext
  readonly league: LeaguePredictions['league']
  readonly period: PredictedPeriod
}

/** The table of a period. */
export function Games({ site, league, period }: Props) {
  const { markets } = league
  const days = byDay(period.games, site.zone)
  return (
    <div class="scroll" role="region" aria-label={`${period.name}, games`} tabindex={0}>
      <table class="games">
        <caption>
          <span>{sayCaption(period, league, site.zone)}</span>
        </caption>
        <thead>
          <tr class="markets">
            <th scope="col" rowSpan={2}>
              game
            </th>
            {markets.map(({ id, name }) => (
              <th scope="colgroup" colSpan={COLUMNS.length} class={`m-${id} group`}>
                {name}
              </th>
            ))}
          </tr>
          <tr>
            {markets.map(() =>
              COLUMNS.map((column) => (
                <th scope="col" class={column === 'pick' ? 'group' : 'right'}>
                  {column}
                </th>
              )),
            )}
          </tr>
        </thead>
        {days.map(([day, games]) => (
          <tbody>
            <tr class="day">
              <th scope="rowgroup" colSpan={1 + markets.length * COLUMNS.length}>
                {day}
              </th>
            </tr>
            {games.map((game) => (
              <Game site={site} markets={markets} game={game} mark={isMixed(period)} />
            ))}
          </tbody>
        ))}
        {period.tallies.length > 0 && <Tallies markets={markets} tallies={period.tallies} />}
      </table>
    </div>
  )
}

function Game({
  site,
  markets,
  game,
  mark,
}: {
  site: ViewContext
  markets: readonly PredictedMarket[]
  game: GameRow
  mark: boolean
}) {
  const time = game.startAssumed ? 'time not known' : sayTime(game.startsAt, site.zone)
  return (
    <tr id={game.gameId}>
      <th scope="row">
        <time dateTime={game.startsAt.toISOString()}>{time}</time> <Teams game={game} />
        {game.simulated && <span class="tag">simulated</span>}
        {mark && cellsOf(game).some((cell) => !cell.prospective) && <span class="tag">worked out afterwards</span>}
      </th>
      {cellsOf(game).length === 0 ? (
        <td class="group faint none whole" colSpan={markets.length * COLUMNS.length}>
          no prediction {game.startsAt > site.now ? 'yet' : 'was made'}
        </td>
      ) : (
        markets.map((market) => <Cells market={market} game={game} cell={game.markets[market.id]} />)
      )}
    </tr>
  )
}

function Teams({ game: { home, away, score, neutral } }: { game: GameRow }) {
  const side = (team: string, own?: number, other?: number) =>
    own !== undefined && other !== undefined && own > other ? <b>{`${team} ${own}`}</b> : `${team} ${own ?? ''}`.trim()
  return (
    <span class="teams">
      {side(away, score?.away, score?.home)} {neutral ? 'v' : 'at'} {side(home, score?.home, score?.away)}
    </span>
  )
}

function Cells({ market, game, cell }: { market: PredictedMarket; game: GameRow; cell: MarketCell | undefined }) {
  const column = `m-${market.id}`
  if (cell === undefined) {
    return (
      <td class={`${column} group faint none`} colSpan={COLUMNS.length}>
        no prediction
      </td>
    )
  }
  return (
    <>
      <td class={`${column} group pick`}>
        {sayPick(market, cell, game)}{' '}
        {cell.stake > 0 ? (
          <span class="bet">{sayBet(cell)}</span>
        ) : (
          cell.price !== undefined && <span class="faint">{sayPrice(cell.price)}</span>
        )}
      </td>
      <td class={`${column} right ours`}>{sayShare(cell.pModel)}</td>
      <td class={`${column} right market`}>{cell.pMarket === undefined ? '–' : sayShare(cell.pMarket)}</td>
      <td class={`${column} right result`}>
        <Result cell={cell} />
      </td>
    </>
  )
}

const RESULTS = {
  won: { glyph: '✓', tone: 'good' },
  lost: { glyph: '✗', tone: 'bad' },
  push: { glyph: '=', tone: 'quiet' },
} as const

function Result({ cell: { outcome, profit } }: { cell: MarketCell }) {
  if (outcome === undefined) return <span class="faint">open</span>
  const { glyph, tone } = RESULTS[outcome]
  return (
    <span class={`state ${tone}`}>
      <span aria-hidden="true">{glyph}</span>
      <span class="unseen">{outcome}</span>
      {profit !== undefined && ` ${saySigned(profit, 2)}`}
    </span>
  )
}

function Tallies({ markets, tallies }: { markets: readonly PredictedMarket[]; tallies: readonly MarketTally[] }) {
  return (
    <tfoot>
      <tr>
        <th scope="row">graded</th>
        {markets.map(({ id }) => {
          const tally = tallies.find(({ market }) => market.id === id)
          return (
            <td class={`m-${id} group tally`} colSpan={COLUMNS.length}>
              {tally ? <Tally tally={tally} /> : <span class="faint">nothing yet</span>}
            </td>
          )
        })}
      </tr>
    </tfoot>
  )
}

function Tally({ tally: { judged, right, pushed, profit, brier, closeBrier } }: { tally: MarketTally }) {
  return (
    <>
      <b>
        {right} of {judged}
      </b>
      {pushed > 0 && `, ${pushed} pushed`}, {saySigned(profit, 2)} units
      {brier !== undefined && closeBrier !== undefined && (
        <span class="brier faint">
          Brier {sayBrier(brier)}, close {sayBrier(closeBrier)}
        </span>
      )}
    </>
  )
}

const cellsOf = (game: GameRow) => Object.values(game.markets)

function isMixed({ games }: PredictedPeriod): boolean {
  const cells = games.flatMap(cellsOf)
  return cells.some((cell) => cell.prospective) && cells.some((cell) => !cell.prospective)
}

function sayCaption(period: PredictedPeriod, { begin }: Props['league'], zone: string): string {
  const cells = period.games.flatMap(cellsOf)
  const times = `${capital(begin)} in ${placeOf(zone)} time. Chances are of the pick; prices American; results in units on a stake of one.`
  if (cells.length === 0 || isMixed(period)) return times
  return cells.every((cell) => cell.prospective)
    ? `${times} All recorded before ${begin}.`
    : `${times} All worked out afterwards, from what was known before: a replay or a backfill, not foresight.`
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function byDay(games: readonly GameRow[], zone: string): [string, GameRow[]][] {
  const days = new Map<string, GameRow[]>()
  for (const game of games) {
    const day = sayDay(game.startsAt, zone)
    days.set(day, [...(days.get(day) ?? []), game])
  }
  return [...days]
}
