// Active and completed, as a gauge: how much of what began is done. Whether it went well is not its question.

import { arc } from 'd3-shape'

import { count } from '../../../src/core/wording.ts'

export interface GaugeProps {
  readonly running: number
  /** Runs that ended today. */
  readonly ended: number
}

const HALF = Math.PI / 2

/** A half circle that fills as runs end: completed quietly, active in the accent. */
export function ActiveGauge({ running, ended }: GaugeProps) {
  const whole = running + ended
  const words = whole === 0 ? 'No run active, none completed today' : `${count(running, 'run')} active, ${ended.toLocaleString('en-US')} completed today` // prettier-ignore
  const done = whole === 0 ? 0 : ended / whole
  const ring = (from: number, to: number) => arc()({ innerRadius: 34, outerRadius: 46, startAngle: from, endAngle: to })
  return (
    <figure class="gauge">
      <figcaption>{words}</figcaption>
      <svg viewBox="-50 -50 100 54" role="img" aria-label={words}>
        <path class="fill-quiet" d={ring(-HALF, HALF) ?? ''} />
        <path class="fill-faint" d={ring(-HALF, -HALF + done * Math.PI) ?? ''} />
        <path class="fill-accent" d={ring(-HALF + done * Math.PI, whole === 0 ? -HALF : HALF) ?? ''} />
        <text x="0" y="-8" text-anchor="middle" class="gauge-number">
          {whole === 0 ? '–' : `${Math.floor(100 * done)} %`}
        </text>
      </svg>
    </figure>
  )
}
