// The pictures of the account: the Brier score through the seasons and through the newest one, and the lines that moved.
// The market is ink, ours the accent, always together.

import { scaleLinear } from 'd3-scale'

import type { Account, ViewMarket } from '../../../../src/views/predictions-account.ts'
import type { LineMove } from '../../../../src/views/predictions-season.ts'
import type { PredictionsView } from '../../../../src/views/predictions.ts'
import { Figure, round } from '../../kit/chart.tsx'
import { EstimateText, sayEstimate } from '../../kit/interval.tsx'
import { sayBrier, sayCount } from '../../kit/numbers.ts'
import { Table } from '../../kit/table.tsx'
import { BrierLines } from './brier-lines.tsx'
import { lineOf } from './verdict.tsx'
import { MARKET_NAMES, sayPercent, saySigned } from './words.ts'

/** Through the seasons; nothing while there is only one. */
export function BySeason({ account }: { account: Account }) {
  const seasons = account.seasons
    .filter(({ market }) => market === 'moneyline')
    .flatMap(({ season, brier, closeBrier, brierLead }) =>
      brier && closeBrier && brierLead
        ? [{ at: season, ours: brier.value, close: closeBrier.value, games: brier.n, lead: brierLead }]
        : [],
    )
    .reverse()
  if (seasons.length < 2) return null
  const better = seasons.filter(({ ours, close }) => close < ours).length
  return (
    <BrierLines
      title={`Who wins, by season: the market’s Brier score was better in ${better} of ${seasons.length}`}
      points={seasons}
      sayAt={String}
    />
  )
}

/** Through the newest season's weeks, everything so far. */
export function ThroughSeason({ season }: Pick<PredictionsView, 'season'>) {
  const weeks = season?.weeks ?? []
  const last = weeks.at(-1)
  if (!season || !last || weeks.length < 2) return null
  const { games, brier, closeBrier } = last.toDate
  return (
    <BrierLines
      title={`${season.season}, ${sayCount(games)} graded games: market ${sayBrier(closeBrier)}, ours ${sayBrier(brier)}`}
      points={weeks.map(({ week, toDate }) => ({
        at: week,
        ours: toDate.brier,
        close: toDate.closeBrier,
        games: toDate.games,
        lead: undefined,
      }))}
      sayAt={(week) => `W${week}`}
    />
  )
}

const SIZE = { width: 380, height: 240 }
const BOX = { left: 8, right: 372, top: 24, bottom: 200 }

/** Lines move by half points. */
const halfPoints = (ticks: readonly number[]) => ticks.filter((tick) => Number.isInteger(tick * 2))

/** Lines of spread and total that moved after the first prediction. */
export function LineMoves({ account, lineMoves }: Pick<PredictionsView, 'account' | 'lineMoves'>) {
  const moved = lineMoves.filter(({ points }) => points !== 0)
  const still = lineMoves.find(({ points }) => points === 0)?.n ?? 0
  if (moved.length === 0) {
    if (still === 0) return null
    return (
      <p class="empty">
        None of {sayCount(still)} lines moved after its first prediction: lines of past weeks are known only as they
        closed. Closing line value appears with the first week that is predicted as it comes.
      </p>
    )
  }
  const share = (market: ViewMarket) =>
    sayEstimate({ estimate: lineOf(account.all, market)?.movedOurWay, say: sayPercent, unit: '\u00a0%' })
  const farthest = Math.max(...moved.map(({ points }) => Math.abs(points)))
  const x = scaleLinear([-farthest - 0.25, farthest + 0.25], [BOX.left, BOX.right])
  const y = scaleLinear([0, Math.max(...moved.map(({ n }) => n))], [BOX.bottom, BOX.top])
  const wide = x(0.5) - x(0)
  return (
    <Figure
      {...SIZE}
      title={`Lines that moved after our first prediction went our way in ${share('ats')} of spreads, ${share('ou')} of totals`}
      table={<MoveNumbers lineMoves={lineMoves} account={account} />}
    >
      {moved.map(({ points, n }) => (
        <rect
          class={points > 0 ? 'fill-accent' : 'fill-ink'}
          x={round(x(points) - wide / 2 + 1)}
          width={round(wide - 2)}
          y={round(y(n))}
          height={round(BOX.bottom - y(n))}
        />
      ))}
      <line class="stroke-faint" x1={round(x(0))} x2={round(x(0))} y1={BOX.top - 8} y2={BOX.bottom} />
      <line class="axis" x1={BOX.left} x2={BOX.right} y1={BOX.bottom} y2={BOX.bottom} />
      {halfPoints(x.ticks(8)).map((tick) => (
        <text class="faint" x={round(x(tick))} y={BOX.bottom + 16} text-anchor="middle">
          {saySigned(tick, Number.isInteger(tick) ? 0 : 1)}
        </text>
      ))}
      <text x={BOX.left} y={BOX.top - 10}>
        against us
      </text>
      <text class="text-accent" x={BOX.right} y={BOX.top - 10} text-anchor="end">
        our way
      </text>
      <text class="faint" x={round(x(0))} y={BOX.bottom + 34} text-anchor="middle">
        points that the line moved by; {sayCount(still)} did not move
      </text>
    </Figure>
  )
}

function MoveNumbers({ account, lineMoves }: { account: Account; lineMoves: readonly LineMove[] }) {
  return (
    <>
      <Table
        caption="Spreads and totals by points moved our way; the ends hold what is beyond"
        rows={lineMoves}
        empty="No line has moved yet."
        columns={[
          { head: 'points', right: true, cell: ({ points }) => saySigned(points, 1), sort: ({ points }) => points },
          { head: 'lines', right: true, cell: ({ n }) => sayCount(n), sort: ({ n }) => n },
        ]}
      />
      <Table
        caption="Of the lines that moved"
        rows={account.all.filter(({ movedOurWay }) => movedOurWay)}
        empty="No line has moved yet."
        columns={[
          { head: 'market', cell: ({ market }) => MARKET_NAMES[market] },
          {
            head: 'our way',
            cell: (line) => <EstimateText estimate={line.movedOurWay} say={sayPercent} unit=" %" withN />,
          },
          {
            head: 'mean points',
            cell: (line) => <EstimateText estimate={line.clvPoints} say={(v) => saySigned(v, 2)} withN />,
          },
        ]}
      />
    </>
  )
}
