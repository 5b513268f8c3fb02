// Finds what looks like a secret, or like a path of one machine, in a text: of the project's own files, and of the site before it
// is published.

export interface Finding {
  readonly line: number
  /** What it looks like; never the value itself. */
  readonly kind: string
}

/** Not secret by itself. */
const MACHINE_PATH = 'a path of one machine'

/** A guess: a provider's page token or the hash of an answer looks the same. */
const RANDOM_VALUE = 'a random value given to a secret name'

const SHAPES: readonly [kind: string, shape: RegExp][] = [
  ['an AWS key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})/],
  ['a Slack token', /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/],
  ['a Slack webhook', /hooks\.slack\.com\/(?:services|workflows)\/T[A-Z0-9]{6,}\/[A-Z0-9]{6,}\/[A-Za-z0-9]{10,}/],
  ['a Discord webhook', /discord(?:app)?\.com\/api\/webhooks\/\d{15,}\/[\w-]{40,}/],
  ['a Google key', /\bAIza[0-9A-Za-z_-]{35}/],
  ['a key of an AI provider', /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,}/],
  ['a Stripe key', /\b[rs]k_live_[A-Za-z0-9]{16,}/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/],
  ['a signed token', /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  [
    MACHINE_PATH,
    /(?<![\w.$}-])(?:\/home\/(?!runner\b)[a-z][\w-]*|\/Users\/(?!runner\b)[A-Za-z][\w-]*|\/root|\/work)(?=\/)/,
  ],
  [MACHINE_PATH, /\b[A-Z]:\\{1,2}Users\\{1,2}(?!runner)[A-Za-z]/],
]

const ADDRESS = /\b[a-z][a-z0-9+]*:\/\/[^\s:/@'"`]*:([^\s@/'"`]+)@([^\s/:'"`?#<>&,;)\]}\\]+)/g
// A value ends where a quote, a tag, an entity, another part of a query, or a sentence does.
const VALUE = String.raw`([A-Za-z0-9+/=_~-]{16,})(?=["'${'`'}\s,;&<>\\()\]}#|*]|\.(?:\s|$)|$)`
/** What a document sets a name or a value in: quotes, bold, code. */
const SET = String.raw`[\\"'${'`'}*_]*`
const ASSIGNED = new RegExp(
  String.raw`(?:api[_ -]?key|access[_ -]?key|secret|token|passw(?:or)?d|pwd|credential|signature)\w*(?:\s+is)?${SET}\s*(?::|=>|=|\||\bis\b)${SET}\s*${SET}${VALUE}`,
  'gi',
)
const CARRIED = new RegExp(String.raw`\b(?:bearer|basic)\s+${VALUE}`, 'gi')
// As many hexadecimal digits as keys have, beside such a word: `**API Key**: ...`, `| key | ... |`, `token ...`. A hash stands
// beside words of its own.
const HEX_BESIDE = new RegExp(
  String.raw`(?:\b(?:[\w-]*_)?keys?|secret|token|passw(?:or)?d|credential)s?\b[^\w\n]{1,12}(?:(?:is|was)\b[^\w\n]{1,6})?((?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}))(?![\w-])`,
  'gi',
)

/** What looks like a secret, or like a path of one machine, in a text. */
export function findSecrets(text: string): Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const kinds = SHAPES.filter(([, shape]) => shape.test(line)).map(([kind]) => kind)
    if ([...line.matchAll(ADDRESS)].some(([, password, host]) => isRealPassword(password ?? '', host ?? ''))) {
      kinds.push('an address with a password')
    }
    if (
      [ASSIGNED, CARRIED, HEX_BESIDE]
        .flatMap((shape) => [...line.matchAll(shape)])
        .some(([, value]) => isRandom(value ?? ''))
    )
      kinds.push(RANDOM_VALUE)
    return [...new Set(kinds)].map((kind) => ({ line: index + 1, kind }))
  })
}

/** What has the exact form of a secret: neither a guess nor a path. */
export function findTokens(text: string): Finding[] {
  return findSecrets(text).filter(({ kind }) => kind !== MACHINE_PATH && kind !== RANDOM_VALUE)
}

/** The text with `***` for each value that looks like a secret, and how many there were. */
export function withoutSecretShapes(text: string): { readonly text: string; readonly replaced: number } {
  let replaced = 0
  const stars = () => {
    replaced += 1
    return '***'
  }
  // Of an address or of an assignment the value alone is hidden.
  const value = (all: string, found: string) =>
    all.slice(0, all.lastIndexOf(found)) + stars() + all.slice(all.lastIndexOf(found) + found.length)
  const random = (all: string, found: string) => (isRandom(found) ? value(all, found) : all)
  const address = (all: string, password: string, host: string) =>
    isRealPassword(password, host) ? value(all, password) : all
  const tokens = SHAPES.filter(([kind]) => kind !== MACHINE_PATH)
  const rest = tokens.reduce((left, [, shape]) => left.replaceAll(new RegExp(shape, 'g'), stars), text)
  const hidden = rest.replaceAll(ADDRESS, address).replaceAll(ASSIGNED, random).replaceAll(CARRIED, random)
  return { text: hidden.replaceAll(HEX_BESIDE, random), replaced }
}

/** Closed: a password may begin with any sign, and encoded ones often begin with "%". */
const PLACEHOLDER = /^(?:<[^<>]*>|\$?\{\{?[^{}]*\}?\}|\[[^[\]]*\]|\*{3,}|\.{3}|%s|your[a-z_-]*)$/i
const WORD = /^(?:x+|pass(?:word|wort)?|pwd?|secret|s3cr3t|hidden|change-?me|example|test|postgres|matchday)$/i
const HERE = /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i
const NOWHERE =
  /^(?:host|server|db|postgres|.*\.(?:example|test|invalid|localhost)|(?:.*\.)?example\.(?:com|net|org)|[$*.].*|%s)$/i

/** Is it anybody's? A host of RFC 2606 leads nowhere, and some passwords are words that stand for one. */
function isRealPassword(password: string, host: string): boolean {
  // The full stop of a sentence is no part of a name.
  const place = host.replace(/\.+$/, '')
  return !PLACEHOLDER.test(password) && !isPlainWord(password) && !isThisMachine(place) && !NOWHERE.test(place)
}

/** "postgres" is the password of many a laptop, and a word of many a page. */
export function isPlainWord(password: string): boolean {
  return WORD.test(password)
}

/** Does an address lead no further than this machine? */
export function isThisMachine(host: string): boolean {
  return HERE.test(host)
}

/** Does a value look drawn at random? Words and names of variables have no digits, or fewer kinds of characters. */
function isRandom(value: string): boolean {
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value)) return false
  // Sixteen kinds of digits can hardly come to more than what is asked of others.
  if (/^[0-9a-f]{24,}$/i.test(value)) return true
  const counts = new Map<string, number>()
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1)
  const bits = [...counts.values()].reduce(
    (sum, count) => sum - (count / value.length) * Math.log2(count / value.length),
    0,
  )
  return bits >= 3.5
}
