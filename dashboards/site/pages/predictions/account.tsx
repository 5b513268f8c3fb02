// The honest account as tables: every figure beside the closing market's, each with its games and its 95 % interval.

import type { PredictedMarket } from '../../../../src/core/predicted.ts'
import { sayCount } from '../../../../src/core/wording.ts'
import type { Account, AccountLine } from '../../../../src/views/predictions/account.ts'
import type { LeaguePredictions } from '../../../../src/views/predictions/predictions.ts'
import { EstimateText, Whisker } from '../../kit/interval.tsx'
import { sayPoints, saySigned } from '../../kit/numbers.ts'
import { Table, type Column } from '../../kit/table.tsx'
import { sayPercent, sayRecorded, saySignedPercent } from './bet-wording.ts'

const brier = (value: number) => value.toFixed(4)
const brierLead = (value: number) => saySigned(value, 4)
const points = (value: number) => saySigned(value, 2)

const NOTHING = 'No prediction is graded yet.'

/** What everything comes to, a row per market. */
export function Summary({ account, league: { span } }: LeaguePredictions) {
  return (
    <Table
      caption={`All graded games by market; ours beside the close on the same games. Anchored: the market’s probability with a little of ours. Intervals are 95 %, with ${span}s as blocks: games of one ${span} may err together.`}
      rows={account.all}
      empty={NOTHING}
      columns={[
        { head: 'market', cell: ({ market }) => market.name },
        { head: 'games', right: true, weight: 2, cell: sayGames, sort: ({ games }) => games },
        {
          head: 'ours',
          group: 'right %',
          right: true,
          weight: 2,
          cell: (line) => <EstimateText estimate={line.right} say={sayPercent} />,
        },
        {
          head: 'close',
          group: 'right %',
          right: true,
          weight: 2,
          cell: (line) => <EstimateText estimate={line.closeRight} say={sayPercent} />,
        },
        { head: 'ours', group: 'Brier', right: true, cell: (line) => line.brier?.value.toFixed(4) ?? '–' },
        { head: 'close', group: 'Brier', right: true, cell: (line) => line.closeBrier?.value.toFixed(4) ?? '–' },
        {
          head: 'ours less close (left is better)',
          group: 'Brier',
          cell: (line) => (
            <span class="estimate">
              <Whisker estimate={line.brierLead} reach={reachOf(account, 'brierLead')} />{' '}
              <EstimateText estimate={line.brierLead} say={brierLead} />
            </span>
          ),
        },
        { head: 'anchored Brier', right: true, weight: 3, cell: (line) => line.finalBrier?.value.toFixed(4) ?? '–' },
        {
          head: 'return % (right is better)',
          weight: 2,
          cell: (line) => (
            <span class="estimate">
              <Whisker estimate={line.profit} reach={reachOf(account, 'profit')} />{' '}
              <EstimateText estimate={line.profit} say={saySignedPercent} />
            </span>
          ),
        },
      ]}
    />
  )
}

/** `1,857 less 8 pushed`: pushes are judged by nobody. */
function sayGames({ games, pushes }: AccountLine): string {
  return pushes === 0 ? sayCount(games) : `${sayCount(games)} less ${sayCount(pushes)} pushed`
}

/** How far whiskers of a figure go from nought, so that none is cut off. */
function reachOf({ all }: Account, figure: 'brierLead' | 'profit'): number {
  const ends = all.flatMap((line) => [line[figure]?.low ?? 0, line[figure]?.high ?? 0].map(Math.abs))
  return Math.max(0.001, ...ends.filter(Number.isFinite))
}

/** A market's seasons, newest first. */
export function Seasons({ account, market }: { account: Account; market: PredictedMarket }) {
  const isOwn = (line: AccountLine) => line.market.id === market.id
  const seasons = account.seasons.filter(isOwn)
  const all = account.all.filter(isOwn)
  if (all.length === 0) return null
  const rows = [
    // One season is all there is.
    ...(seasons.length > 1 ? all.map((line) => ({ ...line, name: 'all' })) : []),
    ...seasons.map((line) => ({ ...line, name: String(line.season) })),
  ]
  // The seasons of the other markets were recorded by the same runs, and their tables are wide enough.
  const recorded = new Set(market.kind === 'winner' ? rows.map(sayRecorded) : [])
  return (
    <>
      <h3>{market.name} by season</h3>
      <div class="dense">
        <Table
          caption={`${market.name}: each game’s last prediction; closing line value of its first`}
          captionHidden
          rows={rows}
          empty={NOTHING}
          columns={[
            { head: 'season', cell: ({ name }) => name },
            ...figureColumns<AccountLine & { name: string }>(market),
            ...(recorded.size > 1 ? [{ head: 'recorded', weight: 3 as const, cell: sayRecorded }] : []),
          ]}
        />
      </div>
      <Losses caption={`${market.name} by season`} market={market} rows={rows} />
    </>
  )
}

/** What was recorded before kick-off beside what was worked out afterwards, and by days of lead. */
export function Foresight({ account, league: { begin } }: LeaguePredictions) {
  const kinds = [
    ...account.prospective.map((line) => ({ ...line, name: `${line.market.name}, before ${begin}` })),
    ...account.retrospective.map((line) => ({ ...line, name: `${line.market.name}, afterwards` })),
  ]
  const leads = account.leads.map((line) => ({
    ...line,
    name: `${line.market.name}, ${sayLead(line.leadDays)}`,
  }))
  const season = account.seasons[0]?.season ?? ''
  const recorded = `Recorded before ${begin}, and worked out afterwards`
  return (
    <>
      <h3>{recorded}</h3>
      <Kinds caption={recorded} rows={kinds} />
      <details>
        <summary>{`${season} by days from prediction to ${begin}`.trim()}</summary>
        <Kinds caption={`${season} by days from prediction to ${begin}`.trim()} rows={leads} />
      </details>
    </>
  )
}

type Named = AccountLine & { readonly name: string }

function Kinds({ caption, rows }: { caption: string; rows: readonly Named[] }) {
  return (
    <>
      <div class="dense">
        <Table
          caption={caption}
          captionHidden
          rows={rows}
          empty={NOTHING}
          columns={[{ head: 'predictions', cell: ({ name }) => name }, ...figureColumns<Named>(undefined)]}
        />
      </div>
      <Losses caption={caption} market={undefined} rows={rows} />
    </>
  )
}

interface LossesProps {
  readonly caption: string
  readonly market: PredictedMarket | undefined
  readonly rows: readonly Named[]
}

/** The figures that say the same as Brier and return in other units, folded away. */
function Losses({ caption, market, rows }: LossesProps) {
  if (rows.length === 0) return null
  const withErrors = market?.kind !== 'winner' && rows.some(({ modelError }) => modelError)
  const name = withErrors ? 'log loss and error' : 'log loss'
  const plain = (figure: 'logLoss' | 'closeLogLoss' | 'modelError' | 'closeError', say: (value: number) => string) => ({
    right: true,
    cell: (line: Named) => (line[figure] ? say(line[figure].value) : '–'),
    sort: (line: Named) => line[figure]?.value ?? -1,
  })
  return (
    <details>
      <summary>{`${caption}: ${name}`}</summary>
      <div class="dense narrow">
        <Table
          caption={`${caption}: ${name}`}
          captionHidden
          rows={rows}
          empty={NOTHING}
          columns={[
            { head: market === undefined ? 'predictions' : 'season', cell: ({ name }) => name },
            { head: 'ours', group: 'log loss', ...plain('logLoss', brier) },
            { head: 'close', group: 'log loss', ...plain('closeLogLoss', brier) },
            ...(withErrors
              ? [
                  { head: 'ours', group: 'error in points', ...plain('modelError', sayPoints) },
                  { head: 'close', group: 'error in points', ...plain('closeError', sayPoints) },
                ]
              : []),
          ]}
        />
      </div>
    </details>
  )
}

const sayLead = (days: number) => (days === 0 ? 'on the day' : days === 1 ? '1 day before' : `${days} days before`)

/** Of one market; or, a few less, of rows of several. */
function figureColumns<L extends AccountLine>(market: PredictedMarket | undefined): Column<L>[] {
  const estimate = (name: keyof AccountLine, say: (value: number) => string, withN = false) => ({
    right: true,
    cell: (line: L) => <EstimateText estimate={line[name] as L['right']} say={say} withN={withN} />,
    sort: (line: L) => (line[name] as L['right'])?.value ?? -9,
  })
  const pushes: Column<L> = { head: 'pushes', right: true, weight: 3, cell: (line) => sayCount(line.pushes) }
  const moves: Column<L>[] = [
    { head: 'CLV points', weight: 2, ...estimate('clvPoints', points) },
    { head: 'moved our way %', weight: 2, ...estimate('movedOurWay', sayPercent, true) },
  ]
  const right: Column<L>[] =
    market?.kind === 'winner'
      ? [
          { head: 'ours', group: 'right %', weight: 2, ...estimate('right', sayPercent) },
          { head: 'close', group: 'right %', weight: 2, ...estimate('closeRight', sayPercent) },
        ]
      : [{ head: 'right %', weight: 2, ...estimate('right', sayPercent) }]
  const value = (name: 'brier' | 'closeBrier') => (line: L) => (line[name] ? brier(line[name].value) : '–')
  return [
    { head: 'games', right: true, cell: ({ games }) => sayCount(games), sort: ({ games }) => games },
    ...(market === undefined ? [] : [pushes]),
    ...right,
    { head: 'ours', group: 'Brier', right: true, cell: value('brier'), sort: (line) => line.brier?.value ?? -1 },
    {
      head: 'close',
      group: 'Brier',
      right: true,
      cell: value('closeBrier'),
      sort: (line) => line.closeBrier?.value ?? -1,
    },
    { head: 'Brier, ours less close', weight: 2, ...estimate('brierLead', brierLead) },
    { head: 'return %', weight: 2, ...estimate('profit', saySignedPercent) },
    ...(market?.kind === 'winner'
      ? [{ head: 'CLV %', weight: 3, ...estimate('clvPrice', saySignedPercent) } as Column<L>]
      : moves),
  ]
}
