// Does it happen as often as was said? A picture per market of all seasons, and behind it each season by itself, beside what
// chance alone would leave.

import { sayCount } from '../../../../src/core/wording.ts'
import type { Calibration, SeasonCalibration } from '../../../../src/views/predictions/calibration.ts'
import { CalibrationChart, domainOf, SmallCalibration } from '../../kit/calibration.tsx'
import { Table, type Column } from '../../kit/table.tsx'
import { sayPercent } from './bet-wording.ts'

/** With fewer, dots are too few to lie along anything. */
const FEWEST_DOTS = 5
/** Seasons that are drawn; all of them stand in the table. */
const DRAWN = 6

/** One per market, side by side. */
export function Calibrations({ calibrations }: { calibrations: readonly Calibration[] }) {
  const told = calibrations.filter(({ model }) => model.length >= FEWEST_DOTS)
  if (told.length === 0) return <p class="empty">Too few games to tell: calibration appears with 40 graded games.</p>
  return (
    <>
      <div class="columns">
        {told.map(({ market, games, model, close, modelError, closeError }) => (
          <CalibrationChart
            title={`${market.name}, ${sayCount(games)} games: ours is off by ${sayPercent(modelError)} points of probability, the market by ${sayPercent(closeError)}`}
            of={market.of}
            model={model}
            market={close}
          />
        ))}
      </div>
      {told.map((calibration) => (
        <Seasons {...calibration} />
      ))}
    </>
  )
}

/** Folded away: a season alone has few games, and most of what it shows is chance. */
function Seasons({ market: { name }, seasons }: Calibration) {
  const drawn = seasons.filter(({ model }) => model.length >= FEWEST_DOTS).slice(0, DRAWN)
  const domain = domainOf(drawn.flatMap(({ model, close }) => [...model, ...close]))
  return (
    <details>
      <summary>{`${name}: calibration by season, ${saySeasons(seasons)}`}</summary>
      {drawn.length > 0 && (
        <div class="multiples squares">
          {drawn.map(({ season, games, model, close, modelError, closeError }) => (
            <SmallCalibration
              title={`${season}, ${sayCount(games)} games: ours off by ${sayPercent(modelError)}, market ${sayPercent(closeError)}`}
              model={model}
              market={close}
              domain={domain}
            />
          ))}
        </div>
      )}
      <Table
        caption={`${name}: expected calibration error by season, in points of probability; chance is what games so few leave of a forecast without error`}
        rows={seasons}
        empty="No season is graded yet."
        columns={COLUMNS}
      />
    </details>
  )
}

const COLUMNS: readonly Column<SeasonCalibration>[] = [
  { head: 'season', cell: ({ season }) => season },
  { head: 'n', right: true, cell: ({ games }) => sayCount(games), sort: ({ games }) => games },
  { head: 'ours off by', right: true, cell: ({ modelError }) => sayPercent(modelError), sort: ({ modelError }) => modelError }, // prettier-ignore
  { head: 'market off by', right: true, cell: ({ closeError }) => sayPercent(closeError), sort: ({ closeError }) => closeError }, // prettier-ignore
  { head: 'chance', right: true, cell: ({ chance }) => sayPercent(chance), sort: ({ chance }) => chance },
]

/** `2018 to 2025`. */
function saySeasons(seasons: readonly SeasonCalibration[]): string {
  const [newest, oldest] = [seasons[0]?.season, seasons.at(-1)?.season]
  return newest === oldest ? String(newest) : `${oldest} to ${newest}`
}
