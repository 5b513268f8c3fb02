// The pictures of the account: the Brier score through the seasons and through the newest one, and the lines that moved.
// The market is ink, ours the accent, always together.

import { sayCount, sayList } from '../../../../src/core/wording.ts'
import type { Account } from '../../../../src/views/predictions/account.ts'
import type { LeaguePredictions } from '../../../../src/views/predictions/predictions.ts'
import type { LineMove } from '../../../../src/views/predictions/season.ts'
import { Figure } from '../../kit/chart.tsx'
import { EstimateText, INTERVALS, IntervalRows } from '../../kit/interval.tsx'
import { sayBrier, saySigned } from '../../kit/numbers.ts'
import { Table } from '../../kit/table.tsx'
import { sayPercent } from './bet-wording.ts'
import { BrierLines } from './brier-lines.tsx'

/** Through the seasons; nothing while there is only one. */
export function BySeason({ account }: { account: Account }) {
  const seasons = account.seasons
    .filter(({ market }) => market.kind === 'winner')
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

/** Through the newest season, everything so far. */
export function ThroughSeason({ season, league: { span } }: Pick<LeaguePredictions, 'season' | 'league'>) {
  const periods = season?.periods ?? []
  const last = periods.at(-1)
  if (!season || !last || periods.length < 2) return null
  const labels = new Map(periods.map(({ place, label }) => [place, label]))
  const { games, brier, closeBrier } = last.toDate
  return (
    <BrierLines
      title={`${season.season}, ${span} by ${span} to ${sayCount(games)} graded games: ${sayBetter(brier, closeBrier)}`}
      points={periods.map(({ place, toDate }) => ({
        at: place,
        ours: toDate.brier,
        close: toDate.closeBrier,
        games: toDate.games,
        lead: undefined,
      }))}
      sayAt={(place) => labels.get(place) ?? ''}
    />
  )
}

/** `the market’s Brier score is better, 0.2303 to our 0.2324`. */
function sayBetter(ours: number, market: number): string {
  const [own, other] = [sayBrier(ours), sayBrier(market)]
  if (own === other) return `the market’s Brier score and ours are the same, ${own}`
  return market < ours ? `the market’s Brier score is better, ${other} to our ${own}` : `our Brier score is better, ${own} to the market’s ${other}` // prettier-ignore
}

/** Lines of spread and total that moved after the first prediction. */
export function LineMoves({
  account,
  lineMoves,
  league: { span },
}: Pick<LeaguePredictions, 'account' | 'lineMoves' | 'league'>) {
  const moved = lineMoves.filter(({ points }) => points !== 0)
  const still = lineMoves.find(({ points }) => points === 0)?.n ?? 0
  if (moved.length === 0) {
    if (still === 0) return null
    return (
      <p class="empty">
        None of {sayCount(still)} lines moved after its first prediction: lines of past {span}s are known only as they
        closed. Closing line value appears with the first {span} that is predicted as it comes.
      </p>
    )
  }
  const rows = account.all.flatMap(({ market: { kind, name }, movedOurWay: estimate }) =>
    kind !== 'winner' && estimate ? [{ name, estimate }] : [],
  )
  const shares = rows.map(({ name, estimate }) => `${sayPercent(estimate.value)}\u00a0% of ${name.toLowerCase()}s`)
  return (
    <Figure
      width={INTERVALS.width}
      height={rows.length * INTERVALS.row + INTERVALS.foot}
      title={`Lines that moved after our first prediction went our way in ${sayList(shares)}`}
      table={<MoveNumbers lineMoves={lineMoves} account={account} />}
    >
      <IntervalRows
        rows={rows}
        about={0.5}
        say={sayPercent}
        unit={'\u00a0%'}
        sayTick={(share) => `${Number(sayPercent(share))}\u00a0%`}
        foot={`half of them would by chance; ${sayCount(still)} lines did not move`}
      />
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
          { head: 'market', cell: ({ market }) => market.name },
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
