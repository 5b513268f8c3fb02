// A whole as a bar of its parts, in a cell of a table or beside a number. Decorative: the numbers stand beside it.

export interface SharePart {
  readonly value: number
  readonly tone: 'good' | 'warn' | 'bad' | 'info' | 'quiet' | 'accent' | 'ink'
}

/** As wide as its place; parts of nothing are left out. */
export function ShareBar({ parts }: { parts: readonly SharePart[] }) {
  const whole = parts.reduce((all, { value }) => all + value, 0)
  if (whole === 0) return null
  const percent = (value: number) => `${Math.round((value / whole) * 10_000) / 100}%`
  return (
    <svg class="share-bar" width="100%" height="10" aria-hidden="true">
      {parts.map(({ value, tone }, i) => {
        const before = parts.slice(0, i).reduce((all, part) => all + part.value, 0)
        return value > 0 && <rect class={`fill-${tone}`} x={percent(before)} width={percent(value)} y="0" height="10" />
      })}
    </svg>
  )
}
