// Text from outside made safe to stand in somebody's markup, and cut to somebody's limit. Pure.

/** For GitHub-flavoured Markdown: no markup, table cell, tag or command comes of it, and no line break. Not for backticks:
 *  nothing is decoded between them, so code stands in <code>. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]|@#]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** At most `max` UTF-16 units, with an ellipsis where something was cut; never half of a character. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text
  const kept = text.slice(0, max - 1)
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`
}

/** As clip, for text that grows when it is escaped: cut so that the escaped text fits and no escape is torn. */
export function clipEscaped(text: string, max: number, escape: (text: string) => string): string {
  const whole = escape(text)
  if (whole.length <= max) return whole
  let [fits, tooLong] = [0, text.length]
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2)
    if (escape(clip(text, middle)).length <= max) fits = middle
    else tooLong = middle
  }
  return fits === 0 ? '' : escape(clip(text, fits))
}
