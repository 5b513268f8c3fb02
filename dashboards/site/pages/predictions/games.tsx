// A week as the sports page has it: games by day, and in each of three markets the pick, our number, the market's number
// and what became of it.

import type { ViewContext } from '../../../../src/views/context.ts'
import type { ViewMarket } from '../../../../src/views/predictions/account.ts'
import type { GameRow, MarketCell, MarketTally, PredictedWeek } from '../../../../src/views/predictions/week.ts'
import { sayBrier, sayShare } from '../../kit/numbers.ts'
import { placeOf, sayDay, sayTime } from '../../kit/time.tsx'
import { MARKET_NAMES, sayBet, sayPick, sayPrice, saySigned, sayWeek } from './words.ts'

const MARKETS: readonly ViewMarket[] = ['moneyline', 'ats', 'ou']
const COLUMNS = ['pick', 'ours', 'market', 'result'] as const

interface Props {
  readonly site: ViewContext
  readonly week: PredictedWeek
}

/** The table of a week. */
export function Games({ site, week }: Props) {
  const days = byDay(week.games, site.zone)
  const name = sayWeek(week)
  return (
    <div class="scroll" role="region" aria-label={`${name}, games`} tabindex={0}>
      <table class="games">
        <caption>
          <span>{sayCaption(week, site.zone)}</span>
        </caption>
        <thead>
          <tr class="markets">
            <th scope="col" rowSpan={2}>
              game
            </th>
            {MARKETS.map((market) => (
              <th scope="colgroup" colSpan={COLUMNS.length} class={`m-${market} group`}>
                {MARKET_NAMES[market]}
              </th>
            ))}
          </tr>
          <tr>
            {MARKETS.map(() =>
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
              <th scope="rowgroup" colSpan={1 + MARKETS.length * COLUMNS.length}>
                {day}
              </th>
            </tr>
            {games.map((game) => (
              <Game site={site} game={game} mark={isMixed(week)} />
            ))}
          </tbody>
        ))}
        {week.tallies.length > 0 && <Tallies tallies={week.tallies} />}
      </table>
    </div>
  )
}

function Game({ site, game, mark }: { site: ViewContext; game: GameRow; mark: boolean }) {
  const time = game.kickoffAssumed ? 'time not known' : sayTime(game.kickoffAt, site.zone)
  return (
    <tr id={game.gameId}>
      <th scope="row">
        <time dateTime={game.kickoffAt.toISOString()}>{time}</time> <Teams game={game} />
        {game.simulated && <span class="tag">simulated</span>}
        {mark && cellsOf(game).some((cell) => !cell.prospective) && <span class="tag">worked out afterwards</span>}
      </th>
      {cellsOf(game).length === 0 ? (
        <td class="group faint none whole" colSpan={MARKETS.length * COLUMNS.length}>
          no prediction {game.kickoffAt > site.now ? 'yet' : 'was made'}
        </td>
      ) : (
        MARKETS.map((market) => <Cells market={market} game={game} cell={game.markets[market]} />)
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

function Cells({ market, game, cell }: { market: ViewMarket; game: GameRow; cell: MarketCell | undefined }) {
  const column = `m-${market}`
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

function Tallies({ tallies }: { tallies: readonly MarketTally[] }) {
  return (
    <tfoot>
      <tr>
        <th scope="row">graded</th>
        {MARKETS.map((market) => {
          const tally = tallies.find((one) => one.market === market)
          return (
            <td class={`m-${market} group tally`} colSpan={COLUMNS.length}>
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

function isMixed(week: PredictedWeek): boolean {
  const cells = week.games.flatMap(cellsOf)
  return cells.some((cell) => cell.prospective) && cells.some((cell) => !cell.prospective)
}

function sayCaption(week: PredictedWeek, zone: string): string {
  const cells = week.games.flatMap(cellsOf)
  const times = `Kick-off in ${placeOf(zone)} time. Chances are of the pick; prices American; results in units on a stake of one.`
  if (cells.length === 0 || isMixed(week)) return times
  return cells.every((cell) => cell.prospective)
    ? `${times} All recorded before kick-off.`
    : `${times} All worked out afterwards, from what was known before: a replay or a backfill, not foresight.`
}

function byDay(games: readonly GameRow[], zone: string): [string, GameRow[]][] {
  const days = new Map<string, GameRow[]>()
  for (const game of games) {
    const day = sayDay(game.kickoffAt, zone)
    days.set(day, [...(days.get(day) ?? []), game])
  }
  return [...days]
}
