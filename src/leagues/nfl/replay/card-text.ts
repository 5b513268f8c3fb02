// A week's card on a terminal: its predictions beside the results.

import { sayInstant, sayPlace } from '../../../core/wording.ts'
import { ZONE } from '../calendar.ts'
import type { CardRow } from '../lake/card.ts'

const LEGEND = "✓ right, ✗ wrong, = pushed; our probability of the pick, the market's in brackets"

/** The week's card as text: a line a game, the picks with ✓, ✗ or =; then what each market came to, ours beside the
 *  market's on the same games. */
export function sayCard(card: readonly CardRow[]): string {
  if (card.length === 0) return 'No game of this week was predicted.'
  const games = [...new Set(card.map((row) => row.gameId))].map((id) => card.filter((row) => row.gameId === id))
  const body = games.map((rows) => sayGame(rows))
  const header = `${'kick-off'.padEnd(17)}${'game'.padEnd(12)}${'score'.padEnd(9)}${'winner'.padEnd(28)}${'spread'.padEnd(28)}total`
  return [
    LEGEND,
    header,
    ...body,
    '',
    ...(['moneyline', 'ats', 'ou'] as const).flatMap((market) => sayMarket(card, market)),
  ].join('\n')
}

function sayGame(rows: readonly CardRow[]): string {
  const [first] = rows
  if (first === undefined) return ''
  const kickoff = sayInstant(first.kickoffAt, ZONE)
    .replace(/ \d{4} /, ' ')
    .replace(` ${sayPlace(ZONE)}`, '')
  const score = first.score ? `${first.score.away}-${first.score.home}` : '-'
  const cells = (['moneyline', 'ats', 'ou'] as const).map((market) => {
    const row = rows.find((one) => one.market === market)
    return (row ? sayPick(row) : '-').padEnd(28)
  })
  return `${kickoff.padEnd(17)}${`${first.away} @ ${first.home}`.padEnd(12)}${score.padEnd(9)}${cells.join('')}`.trimEnd()
}

const MARKS = { won: '✓', lost: '✗', push: '=' }

function sayPick(row: CardRow): string {
  const mark = row.outcome ? MARKS[row.outcome] : '·'
  const forFirst = row.pick === 'home' || row.pick === 'over'
  const side = row.pick === 'home' ? row.home : row.pick === 'away' ? row.away : row.pick
  // The lake writes the spread from the home side, positive when it is favoured; people expect a favourite's minus.
  const spread = (row.line ?? 0) * (row.pick === 'home' ? -1 : 1)
  const line =
    row.market === 'ats' ? ` ${spread > 0 ? '+' : ''}${spread}` : row.market === 'ou' ? ` ${row.line ?? ''}` : ''
  const p = (value: number) => `${((forFirst ? value : 1 - value) * 100).toFixed(1)}`
  const market = row.pMarket === undefined ? '' : ` (${p(row.pMarket)})`
  return `${mark} ${side}${line} ${p(row.pModel)}${market} %`
}

const TITLES = { moneyline: 'winner', ats: 'against the spread', ou: 'over/under' }

function sayMarket(card: readonly CardRow[], market: CardRow['market']): string[] {
  const graded = card.filter((row) => row.market === market && row.outcome)
  if (graded.length === 0) return []
  const count = (outcome: string) => graded.filter((row) => row.outcome === outcome).length
  const paired = graded.filter((row) => row.brier !== undefined && row.marketBrier !== undefined)
  const brier =
    market === 'moneyline' && paired.length > 0
      ? `, Brier ${mean(paired, (row) => row.brier)} (market ${mean(paired, (row) => row.marketBrier)})`
      : ''
  const staked = graded.filter((row) => row.profit !== undefined)
  const profit = staked.reduce((sum, row) => sum + (row.profit ?? 0), 0)
  const push = count('push') > 0 ? `, ${count('push')} pushed` : ''
  const stakes =
    staked.length > 0 ? `, ${profit >= 0 ? '+' : ''}${profit.toFixed(2)} units on ${staked.length} flat stakes` : ''
  return [
    `${TITLES[market].padEnd(20)}${count('won')} of ${graded.length - count('push')} right${push}${brier}${stakes}`,
  ]
}

function mean(rows: readonly CardRow[], value: (row: CardRow) => number | undefined): string {
  return (rows.reduce((sum, row) => sum + (value(row) ?? 0), 0) / rows.length).toFixed(4)
}
