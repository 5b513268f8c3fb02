// How many weeks are drawn: a page that grows beyond its size keeps the whole site back.

/** Of the 1.5 MB that check.ts lets a page have, what weeks may take together: some 1,100 slots that were all served. */
const MOST_BYTES = 1_200_000

/** This week, whatever it takes, and as many before it, without a hole, as fit beside it. */
export function weeksThatFit<Week>(weeks: readonly Week[], bytesOf: (week: Week) => number): readonly Week[] {
  let bytes = 0
  const tooMany = weeks.findIndex((week, i) => {
    bytes += bytesOf(week)
    return i > 0 && bytes > MOST_BYTES
  })
  return tooMany < 0 ? weeks : weeks.slice(0, tooMany)
}

const WORDS = ['none', 'one', 'two', 'three', 'four', 'five', 'six']

/** Which of the last weeks are drawn, and why not all of them. */
export function sayDrawn(drawn: number, weeks: number): string {
  const said = (count: number) => WORDS[count] ?? String(count)
  if (drawn === weeks) return `The last ${said(weeks)} are drawn on this page.`
  const which = drawn === 1 ? 'Only the present one is' : `The last ${said(drawn)} are`
  return `${which} drawn on this page: with so many slots, ${said(weeks)} would be too large to load.`
}
