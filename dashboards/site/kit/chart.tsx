// The frame of every picture: its title is the question with its answer, a text alternative says the same, and the table
// behind it holds the numbers.

import type { ComponentChildren } from 'preact'

export interface FigureProps {
  /** `Lateness: median 2 m, worst 41 m`. */
  readonly title: string
  /** In SVG units; the picture scales to its column. */
  readonly width: number
  readonly height: number
  readonly children: ComponentChildren
  /** Are there links in it? Then it is no picture to a reader of the screen, but a group of them. */
  readonly linked?: boolean
  /** The numbers, as a <Table/>. */
  readonly table: ComponentChildren
}

/** A picture as SVG, with its table folded away. */
export function Figure({ title, width, height, children, table, linked = false }: FigureProps) {
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role={linked ? 'group' : 'img'}
        aria-label={title}
        preserveAspectRatio="xMinYMin meet"
      >
        {children}
      </svg>
      <details>
        <summary>The numbers</summary>
        {table}
      </details>
    </figure>
  )
}

/** A line of words drawn as a line: for a cell of a table, beside its number. Decorative: the number says it. */
export function Sparkline({
  values,
  width = 72,
  height = 16,
}: {
  values: readonly number[]
  width?: number
  height?: number
}) {
  if (values.length < 2) return null
  const most = Math.max(...values, 1e-9)
  const step = width / (values.length - 1)
  const points = values.map((value, i) => `${round(i * step)},${round(height - 1 - (value / most) * (height - 2))}`)
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      <polyline points={points.join(' ')} />
    </svg>
  )
}

/** Two decimals are finer than any screen. */
export function round(value: number): number {
  return Math.round(value * 100) / 100
}
