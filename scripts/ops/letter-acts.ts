// What a person may do with dead letters: look at them, have their items tried again, dismiss them.

import { ConfigFailure } from '../../src/core/errors.ts'
import { sayCount, sayInstant } from '../../src/core/wording.ts'
import { countOpenLetters, dismissLetters, insertRetryRequest, listLetters, listOpenLetters, type DeadLetter } from '../../src/ledger/dead-letters.ts' // prettier-ignore
import type { Act, Ledger } from '../ledger.ts'
import { askedAlready } from './override-acts.ts'
import { columns, readJob, readWhy } from './word-command.ts'

const SHOWN = 50

export interface LetterWish {
  readonly job?: string | undefined
  /** `12,13` */
  readonly letters?: string | undefined
  readonly why?: string | undefined
}

export const LETTER_ACTS: Readonly<Record<string, (wish: LetterWish) => Act>> = {
  list: toList,
  retry: toRetry,
  dismiss: toDismiss,
}

function toList(wish: LetterWish): Act {
  const job = wish.job === undefined ? undefined : readJob(wish.job, 'a list')
  return async ({ sql }) => {
    const [letters, total] = [await listOpenLetters(sql, { job, limit: SHOWN }), await countOpenLetters(sql, job)]
    const whose = job ? ` of ${job}` : ''
    const lines = letters.length === 0 ? [`No dead letter${whose} is open.`] : columns(letters.map(sayLetter))
    if (total > letters.length)
      lines.push(`The latest ${sayCount(letters.length)} of ${sayCount(total)} open letters${whose}.`)
    return { lines, facts: { total, letters } }
  }
}

function sayLetter(letter: DeadLetter): string[] {
  const times = letter.times === 1 ? 'once' : `${sayCount(letter.times)} times`
  const when = `${times}, last ${sayInstant(letter.failedAt)}`
  return [letter.id, letter.job, `${letter.kind} ${letter.key}`, letter.code, when, letter.message]
}

function toRetry(wish: LetterWish): Act {
  const ids = readIds(wish.letters, 'a retry')
  const why = readWhy(wish.why, 'a retry')
  return async (ledger) => {
    const letters = await getOpen(ledger, ids)
    const [job = '', ...others] = new Set(letters.map((letter) => letter.job))
    if (others.length > 0) {
      throw new ConfigFailure(`the letters ${ids.join(',')} are of ${[job, ...others].join(' and ')}: try those of one job at a time`, { code: 'bad_parameter' }) // prettier-ignore
    }
    const here = `npm run job ${job} -- --retry ${ids.join(',')}`
    const asked = await insertRetryRequest(ledger.sql, { job, ids, actor: ledger.actor, why, at: ledger.now })
    if (!asked) throw askedAlready(job, undefined, here)
    const lines = [
      `● ${job} is asked to try again ${ids.length === 1 ? 'one item' : `${ids.length} items`}, by ${ledger.actor}: ${why}`,
      '  What succeeds is closed.',
      `  To try here and now instead: ${here}`,
    ]
    return { lines, facts: { job, ids, actor: ledger.actor, why }, watchDoes: 'starts it' }
  }
}

function toDismiss(wish: LetterWish): Act {
  const ids = readIds(wish.letters, 'a dismissal')
  const why = readWhy(wish.why, 'a dismissal')
  return async (ledger) => {
    await getOpen(ledger, ids)
    const closed = await dismissLetters(ledger.sql, ids, { actor: ledger.actor, why, at: ledger.now })
    return { lines: [`● dismissed ${closed.join(', ')}, by ${ledger.actor}: ${why}`], facts: { closed } }
  }
}

function readIds(text: string | undefined, what: string): string[] {
  if (text !== undefined && /^\d{1,18}(?:,\d{1,18})*$/.test(text)) return [...new Set(text.split(','))]
  const found = text === undefined ? `${what} needs letters` : `"${text}" names no letters`
  throw new ConfigFailure(`${found}: expected their numbers with commas, such as 12,13`, { code: 'bad_parameter' })
}

/** All of them, or a sentence that says which is not there to be acted on. Throws ConfigFailure. */
async function getOpen({ sql }: Ledger, ids: readonly string[]): Promise<DeadLetter[]> {
  const found = await listLetters(sql, ids)
  const problems = ids.flatMap((id) => {
    const letter = found.find((one) => one.id === String(BigInt(id)))
    if (letter === undefined) return [`there is no letter ${id}`]
    return letter.closed === null ? [] : [`letter ${id} is closed: ${letter.closed}`]
  })
  if (problems.length > 0)
    throw new ConfigFailure(`${problems.join('; ')}. Nothing was changed.`, { code: 'no_letter' })
  return found
}
