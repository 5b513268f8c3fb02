// Timelines that are wider than the screen open with the present moment in view.

/** How far from the left of what is seen the present stands, as a share of it: most of what is seen has happened. */
const PLACE = 0.7

/** Scrolls each to its present, where it has one. */
export function showPresent(page: Document): void {
  for (const scroller of page.querySelectorAll<HTMLElement>('.timeline > .scroll')) {
    const now = scroller.querySelector('.now')?.getBoundingClientRect()
    const names = scroller.querySelector('ol')?.getBoundingClientRect()
    if (!now || !names) continue
    const seen = scroller.getBoundingClientRect()
    // Where it opens at its end it counts backwards from there: a difference is the same in both.
    scroller.scrollLeft += now.left - (seen.left + names.width + (seen.width - names.width) * PLACE)
  }
}
