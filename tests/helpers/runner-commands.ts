// What GitHub's runner takes for a command in a line that a step prints, on either stream: src/Runner.Common/ActionCommand.cs
// and src/Runner.Worker/ActionCommandManager.cs of actions/runner, said again. It reads lines as .NET does: they end with a
// line feed, a carriage return, or both.

const COMMANDS = [
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
]

/** The command that the runner would take each line for; lines that are none are left out. */
export function commandsIn(printed: string): { readonly command: string; readonly line: string }[] {
  return printed.split(/\r\n|\n|\r/).flatMap((line) => {
    const command = atStart(line) ?? inside(line)
    return command === undefined ? [] : [{ command, line }]
  })
}

/** Also what would be one if the runner knew the word: tomorrow's commands, and a token that resumes stopped ones. */
export function looksLikeCommand(printed: string): boolean {
  return printed.split(/\r\n|\n|\r/).some((line) => /##\[[^\]]*\]/.test(line) || /^::.*::/s.test(trimStart(line)))
}

function atStart(line: string): string | undefined {
  const message = trimStart(line)
  if (!message.startsWith('::')) return undefined
  const end = message.indexOf('::', 2)
  return end < 0 ? undefined : known(message.slice(2, end))
}

function inside(line: string): string | undefined {
  const start = line.indexOf('##[')
  const end = start < 0 ? -1 : line.indexOf(']', start)
  return end < 0 ? undefined : known(line.slice(start + 3, end))
}

function known(info: string): string | undefined {
  const name = info.split(' ')[0]?.toLowerCase() ?? ''
  return COMMANDS.includes(name) ? name : undefined
}

// .NET's white space: with NEL, without the byte order mark.
const trimStart = (line: string) =>
  line.replace(/^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/, '')
