// The page's first lines: does anything here beat the close, said plainly and from the data.

import type { PredictedMarket } from '../../../../src/core/predicted.ts'
import { sayCount, sayList } from '../../../../src/core/wording.ts'
import type { Account, AccountLine } from '../../../../src/views/predictions/account.ts'
import type { LeaguePredictions } from '../../../../src/views/predictions/predictions.ts'
import type { Claim } from '../../../../src/views/predictions/verdict.ts'
import { sayEstimate } from '../../kit/interval.tsx'
import { sayBrier, saySigned } from '../../kit/numbers.ts'
import { sayPercent, saySignedPercent } from './bet-wording.ts'

/** What must be won at the usual price of −110 to lose nothing. */
const BREAK_EVEN = 110 / 210

/** The heading. */
export function sayVerdict({ verdict, account, league: { begin } }: LeaguePredictions): string {
  switch (verdict.kind) {
    case 'nothing graded':
      return 'No prediction has met its closing line yet.'
    case 'too few':
      return `Too early to say whether anything here beats the close: ${sayCount(verdict.games)} games are graded.`
    case 'nothing beats the close':
      return `Nothing here beats the close: ${sayBriers(account)}.`
    case 'only in hindsight':
      return `Nothing here has beaten the close before ${begin}, but in hindsight ${sayClaims(verdict.claims)}: look for a leak.`
    case 'beats the close':
      return `Something here beats the close: ${sayClaims(verdict.claims)}.`
  }
}

function sayBriers({ all }: Account): string {
  const winner = lineOf(all, 'winner')
  if (!winner?.brier || !winner.closeBrier) return 'neither in who wins nor in money'
  return `over ${sayCount(winner.brier.n)} games the closing price’s Brier score is ${sayBrier(winner.closeBrier.value)}, ours ${sayBrier(winner.brier.value)}`
}

function sayClaims(claims: readonly Claim[]): string {
  return sayList(claims.map(sayClaim))
}

const FIGURES = { model: 'our Brier score', final: 'the anchored Brier score', profit: 'the return' } as const

function sayClaim({ market, figure, interval }: Claim): string {
  const name = `${FIGURES[figure]} (${market.name.toLowerCase()})`
  const say = figure === 'profit' ? saySignedPercent : (value: number) => saySigned(value, 4)
  const unit = figure === 'profit' ? '\u00a0%' : ' less than the close’s'
  return `${name} is ${sayEstimate({ estimate: interval, say, unit, withN: true })}`
}

/** What the heading leaves out: who wins, points markets, and how much of it was foresight. */
export function Lead({ account: { all }, league: { begin, span } }: LeaguePredictions) {
  const [winner, spread, total] = (['winner', 'spread', 'total'] as const).map((kind) => lineOf(all, kind))
  const foresight = all.reduce((sum, line) => sum + line.prospective, 0)
  const games = all.reduce((sum, line) => sum + line.games, 0)
  if (games === 0) {
    return (
      <p class="lead">
        Predictions are frozen before every {begin} and graded once the game is over; the first figures come with the
        first results.
      </p>
    )
  }
  const picks = [sayPicks('spread', spread), sayPicks('total', total)].flatMap((part) => part ?? [])
  return (
    <>
      <p class="lead">
        {winner?.right &&
          `Who wins: our side ${sayEstimate({ estimate: winner.right, say: sayPercent, unit: '\u00a0%', withN: true })}${winner.closeRight ? `, the closing favourite ${sayPercent(winner.closeRight.value)}\u00a0%` : ''}. `}
        {picks.length > 0 &&
          `Our picks won ${sayList(picks)}; at a price of −110 it takes ${sayPercent(BREAK_EVEN)}\u00a0% to lose nothing.`}
      </p>
      <p class="faint">{sayForesight(foresight, games, { begin, span })}</p>
    </>
  )
}

function sayPicks(name: string, line: AccountLine | undefined): string | undefined {
  if (line?.right === undefined) return undefined
  return `${sayEstimate({ estimate: line.right, say: sayPercent, unit: '\u00a0%', withN: true })} against the ${name}`
}

function sayForesight(foresight: number, games: number, { begin, span }: { begin: string; span: string }): string {
  if (foresight === games) return `Every prediction was recorded before ${begin}.`
  const others = `worked out afterwards from what was known before each ${span}, which is no foresight`
  if (foresight === 0) return `All of it was ${others}.`
  return `${sayCount(foresight)} of the ${sayCount(games)} predictions were recorded before ${begin}; the others were ${others}.`
}

/** The first line of an account that is about a kind of market. */
function lineOf<L extends AccountLine>(lines: readonly L[], kind: PredictedMarket['kind']): L | undefined {
  return lines.find(({ market }) => market.kind === kind)
}
