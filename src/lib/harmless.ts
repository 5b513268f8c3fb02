// Text from outside made harmless to whatever reads our lines: GitHub's runner, which takes `##[command ...]` anywhere in a
// line and `::command ::` at its start, a terminal, which obeys escape sequences, and an eye, which signs for the direction
// of writing deceive. Pure; what was written stays readable.

/** Signs that are obeyed or not seen: C0 without tab and line feed, delete, C1, separators, direction, and invisible ones. The
 *  joiners stay: names and emoji are written with them. */
const OBEYED =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

// The runner is written in C# and compares by the rules of a language, which read over signs such as the joiners.
/** `##[`, anywhere. */
const INSIDE = /#(?=\p{Cf}*#\p{Cf}*\[)/gu
/** `::`, where a line begins. */
const AT_START = /^([\s\p{Cf}]*):(?=\p{Cf}*:)/gmu

/** Lines that nobody obeys: `##[` becomes `# #[`, a leading `::` becomes `: :`, ESC becomes ␛, and a sign for the direction of
 *  writing becomes <U+202E>. Line feeds and tabs stay. A second time it changes nothing. */
export function harmless(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(OBEYED, picture).replaceAll(INSIDE, '# ').replaceAll(AT_START, '$1: ')
}

/** The same for a text in JSON, by JSON's own escapes: whoever parses it gets what was written. */
export function harmlessJson(json: string): string {
  return json.replaceAll(OBEYED, escape).replaceAll(INSIDE, '\\u0023')
}

function picture(sign: string): string {
  const code = sign.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}

function escape(sign: string): string {
  return [...Array(sign.length).keys()].map((i) => `\\u${sign.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')
}
