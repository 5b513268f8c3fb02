// Takes a database's address out of texts for strangers: pages, feeds, issues, messages. The terminal and the log may say it to
// whoever has to mend something at night; rows of the ledger that say it are older than any rule.

import { parseDatabaseUrl, type DatabaseUrl } from './db/database-url.ts'
import { isThisMachine } from './secret-shapes.ts'

// As explainDatabaseError says it, and as an error's context has it alone.
const SAID = /\bdatabase at \S+:\d+\/.{0,80}? as (?:the default user|\S+)/g
const ALONE = /^\S+:\d+\/.{0,80}? as (?:the default user|\S+)$/
/** Node's words for an address that it tried. */
const TRIED = /\b(connect|read|write|getaddrinfo) (E[A-Z_]+) [\w.:[\]%-]+/g

/** A function that takes out host, port, name and user of any database that our sentences name, and of this URL's. */
export function createPlaceHider(url: string | undefined): (text: string) => string {
  const { words, whole } = partsOf(url)
  const quoted = words.map((word) => [new RegExp(String.raw`\b(user|role|database|host|server at) "${escape(word)}"`, 'g'), '$1 "***"'] as const) // prettier-ignore
  return (text) => {
    const said = text.replaceAll(SAID, 'database').replace(ALONE, '***').replaceAll(TRIED, '$1 $2')
    const hidden = whole.reduce((left, part) => left.replaceAll(part, '***'), said)
    return quoted.reduce((left, [shape, stars]) => left.replaceAll(shape, stars), hidden)
  }
}

/** What stands for itself is hidden wherever it is; a word only where it is said what it is of. */
function partsOf(text: string | undefined): { readonly words: readonly string[]; readonly whole: readonly string[] } {
  const { host = '', user = '', database = '' } = read(text) ?? {}
  const words = [host, user, database].filter((part) => part !== '')
  return { words, whole: isThisMachine(host) ? [] : words.filter((part) => part.length >= 8 && /[.\d-]/.test(part)) }
}

function read(text: string | undefined): DatabaseUrl | undefined {
  try {
    return text === undefined ? undefined : parseDatabaseUrl(text)
  } catch {
    return undefined // nobody connects by it, so that no sentence names it
  }
}

const escape = (word: string) => word.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
