// Other people's messages, short enough for a cell.

/** The first sentence of a message on one line, without its full stop; what is longer than `longest` signs ends in "…". */
export function firstSentence(message: string, longest = 140): string {
  const line = message.replaceAll(/\s+/g, ' ').trim()
  const sentence = /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line
  const signs = [...sentence.replace(/\.$/, '')]
  if (signs.length <= longest) return signs.join('')
  const kept = signs.slice(0, longest - 1).join('')
  return `${kept.trimEnd()}…`
}
