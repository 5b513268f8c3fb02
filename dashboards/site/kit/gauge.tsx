// Active and completed, as a gauge: how much of what began is done.

import { arc } from 'd3-shape'

import { count } from './words.ts'

export interface GaugeProps {
  readonly running: number
  /** Runs that ended today. */
  readonly ended: number
}

const HALF = Math.PI / 2

/** A half circle that fills as runs end, and the two numbers under it. */
export function ActiveGauge({ running, ended }: GaugeProps) {
  const words = `${count(running, 'run')} active, ${ended.toLocaleString('en-US')} completed today`
  const whole = running + ended
  const done = whole === 0 ? 0 : ended / whole
  const ring = (from: number, to: number) => arc()({ innerRadius: 34, outerRadius: 46, startAngle: from, endAngle: to })
  return (
    <figure class="gauge">
      <figcaption>{words}</figcaption>
      <svg viewBox="-50 -50 100 54" role="img" aria-label={words}>
        <path class="fill-quiet" d={ring(-HALF, HALF) ?? ''} />
        <path class="fill-good" d={ring(-HALF, -HALF + done * Math.PI) ?? ''} />
        <path class="fill-accent" d={ring(-HALF + done * Math.PI, whole === 0 ? -HALF : HALF) ?? ''} />
        <text x="0" y="-8" text-anchor="middle" class="gauge-number">
          {running} / {whole}
        </text>
      </svg>
    </figure>
  )
}
