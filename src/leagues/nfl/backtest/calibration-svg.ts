// The calibration of ours and of the market as one picture: does it happen as often as was said? Market in ink, ours in the
// accent; both themes; the answer in the title, the table of it as text for who cannot see it.

import type { CalibrationBin } from '../../../models/grading/calibration.ts'
import type { Calibration } from './figures.ts'

const SIZE = { width: 660, height: 660 }
const BOX = { left: 70, top: 118, side: 470 }

/** A whole SVG document. Shares run from 0 to 1 on both axes. */
export function calibrationSvg(parts: { model: Calibration; market: Calibration; seasons: string }): string {
  const { model, market, seasons } = parts
  const points = (calibration: Calibration) => `${(100 * calibration.error).toFixed(1)} points`
  const games = market.bins.reduce((sum, bin) => sum + bin.n, 0)
  const title = `Ours is off by ${points(model)} on average, the market by ${points(market)}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-labelledby="title table">
<title id="title">${title}</title>
<desc id="table">${sayBins(model)} ${sayBins(market)}</desc>
<style>
  svg { background: #fbfaf6; color: #1c1b18; font: 14px system-ui, sans-serif; font-variant-numeric: tabular-nums }
  text { fill: currentColor } .h { font-size: 18px; font-weight: 600 } .s { font-size: 12px }
  .rule { stroke: currentColor; stroke-opacity: .12 } .even { stroke: currentColor; stroke-opacity: .4; stroke-dasharray: 4 4 }
  .market { stroke: currentColor; fill: currentColor } .model { stroke: #1f6feb; fill: #1f6feb }
  @media (prefers-color-scheme: dark) { svg { background: #15171a; color: #e9e6df } .model { stroke: #79aef5; fill: #79aef5 } }
  text.model, text.market { stroke: none }
</style>
<text class="h" x="20" y="32">${title}</text>
<text x="20" y="54">P(home wins) said, and how often it happened: NFL ${seasons}, ${games.toLocaleString('en')} games,</text>
<text x="20" y="72">ten bins of ${market.bins[0]?.n ?? 0} each, 95 % intervals; both on the same games</text>
${axes()}
${series('market', market.bins, -3)}
${series('model', model.bins, 3)}
${labels(market, model)}
</svg>
`
}

const x = (share: number) => round(BOX.left + share * BOX.side)
const y = (share: number) => round(BOX.top + (1 - share) * BOX.side)
const round = (value: number) => Math.round(value * 10) / 10

function axes(): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1]
  return [
    ...ticks.map((share) => `<line class="rule" x1="${x(0)}" x2="${x(1)}" y1="${y(share)}" y2="${y(share)}"/>`),
    ...ticks.map(
      (share) => `<text class="s" x="${x(share)}" y="${y(0) + 20}" text-anchor="middle">${100 * share} %</text>`,
    ),
    ...ticks.map(
      (share) => `<text class="s" x="${x(0) - 8}" y="${y(share) + 4}" text-anchor="end">${100 * share} %</text>`,
    ),
    `<line class="even" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>`,
    `<text x="${x(0.5)}" y="${y(0) + 44}" text-anchor="middle">said</text>`,
    `<text x="20" y="${y(1) - 14}">happened</text>`,
  ].join('\n')
}

/** Dots with their intervals; `aside` keeps the two series from hiding each other. */
function series(kind: 'market' | 'model', bins: readonly CalibrationBin[], aside: number): string {
  return bins
    .map((bin) => {
      const at = x(bin.said) + aside
      const whisker = `<line class="${kind}" x1="${at}" x2="${at}" y1="${y(bin.low)}" y2="${y(bin.high)}"/>`
      const said = `${(100 * bin.said).toFixed(1)} % said, ${(100 * bin.happened).toFixed(1)} % happened, n ${bin.n}`
      return `${whisker}<circle class="${kind}" cx="${at}" cy="${y(bin.happened)}" r="4"><title>${kind}: ${said}</title></circle>`
    })
    .join('\n')
}

/** Right of the last dots, each at the height where its own series ends. */
function labels(market: Calibration, model: Calibration): string {
  const end = ({ bins }: Calibration) => bins.at(-1)?.happened ?? 1
  const [marketY, modelY] = [y(end(market)), y(end(model))]
  const apart = Math.abs(marketY - modelY) < 18 ? 10 : 0
  const marketIsUpper = marketY <= modelY
  const right = Math.max(x(market.bins.at(-1)?.said ?? 1), x(model.bins.at(-1)?.said ?? 1)) + 14
  return [
    `<text class="market" x="${right}" y="${marketY + (marketIsUpper ? -apart : apart) + 4}">market, n ${market.bins.at(-1)?.n ?? 0}</text>`,
    `<text class="model" x="${right}" y="${modelY + (marketIsUpper ? apart : -apart) + 4}">ours, n ${model.bins.at(-1)?.n ?? 0}</text>`,
  ].join('\n')
}

function sayBins({ title, bins }: Calibration): string {
  const cells = bins.map((bin) => `${(100 * bin.said).toFixed(1)} % ${(100 * bin.happened).toFixed(1)} % ${bin.n}`)
  return `${title}, said, happened and games by bin: ${cells.join('; ')}.`
}
