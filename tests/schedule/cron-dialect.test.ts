// Which cron lines are GitHub's, and what is said about the others.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { hasCronIntervalLessThan5Minutes, isValidCron } from '@actions/workflow-parser/model/converter/cron'

import { ConfigFailure } from '../../src/core/errors.ts'
import { checkCron, parseCron } from '../../src/schedule/cron-dialect.ts'
import { sharedData, skipWithout } from '../helpers/shared-data.ts'

const ACCEPTED = [
  '7 14 * * 2',
  '*/5 * * * *',
  '00 03 * * *',
  '7 11 * * WED-SAT',
  '7 11 * * mon,Wed,3-5',
  '12 6 1 JAN-mar,12 *',
  '3-58/5 * * * *',
  '7 0-23/6 * * *',
  '7  14   * * 2',
  '0 0 29 2 *',
  '0 9 1-7 * 1',
]

const REFUSED: [line: string, said: RegExp][] = [
  ['', /found 0 fields; expected five fields/],
  ['0 3 * *', /found 4 fields; expected five fields/],
  ['0 0 3 * * *', /found 6 fields; expected five fields/],
  ['@daily', /no nicknames; expected five fields/],
  ['$cron-weekly', /placeholder that nobody filled in; expected five fields/],
  ['{{ minute }} 3 * * *', /placeholder/],
  ['0\u00a03 * * *', /non-breaking space \(U\+00A0\)/],
  ['0\t3 * * *', /U\+0009/],
  ['7 14 * * 2 ', /begins or ends with a space/],
  ['61 * * * *', /minute "61" is out of range; expected 0 to 59/],
  ['0 24 * * *', /hour "24" is out of range; expected 0 to 23/],
  ['0 0 0 * *', /day of month "0" is out of range; expected 1 to 31/],
  ['0 0 * 13 *', /month "13" is out of range; expected 1 to 12 or JAN to DEC/],
  ['0 0 * * 7', /day of week "7" is out of range; expected 0 \(Sunday\) to 6 or SUN to SAT/],
  ['0 0 L * *', /day of month "L" is not in GitHub's dialect/],
  ['0 0 15W * *', /day of month "15W" is not in GitHub's dialect/],
  ['0 0 * * 5#2', /day of week "5#2" is not in GitHub's dialect/],
  ['0 0 ? * 1', /day of month "\?" is not in GitHub's dialect/],
  ['H 3 * * *', /minute "H" is not in GitHub's dialect/],
  ['0 0 * * MONDAY', /day of week "MONDAY" is not understood/],
  ['0 0 * MON *', /month "MON" is not understood/],
  ['5/10 * * * *', /minute "5\/10" steps from a single value; expected a range, such as "5-59\/10"/],
  ['*/60 * * * *', /minute step "60" is out of range; expected 1 to 59/],
  ['0 */24 * * *', /hour step "24" is out of range; expected 1 to 23/],
  ['*/0 * * * *', /minute step "0" is out of range/],
  ['*/5/2 * * * *', /two steps/],
  ['0 9-5 * * *', /hour "9-5" runs backwards; expected the smaller first, or "9-23,0-5"/],
  ['0 0 * * FRI-MON', /day of week "FRI-MON" runs backwards/],
  ['0 1-2-3 * * *', /hour "1-2-3" is not a range/],
  ['0,,5 3 * * *', /minute "" is empty/],
  ['- 3 * * *', /minute "" is empty/],
  ['-5 3 * * *', /minute "" is empty/],
  ['1e1 3 * * *', /minute "1e1" is not understood/],
  ['* * * * *', /due 1 min after the time before; expected at least 5 min/],
  ['*/4 * * * *', /due 4 min after/],
  ['0 0 30 2 *', /day 30 is in none of its months/],
  ['0 0 31 4,6,9,11 *', /day 31 is in none of its months/],
  ['0 0 */2 * 1', /together mean two things; expected "\*" for one of them/],
]

test('every line of the dialect is accepted', () => {
  const refused = ACCEPTED.flatMap((line) => checkCron(line) ?? [])

  assert.deepEqual(refused, [])
})

for (const [line, said] of REFUSED.filter(([line]) => line !== '3,58 * * * *')) {
  test(`the line ${JSON.stringify(line)} is refused with a sentence`, () => {
    const sentence = checkCron(line)

    assert.match(sentence ?? 'accepted', said)
    assert.ok(sentence?.startsWith(`cron "${line}": `))
  })
}

test('the gap across the hour counts only where the next hour is named too', () => {
  assert.equal(checkCron('3,58 * * * *'), undefined)
  assert.match(checkCron('2,58 * * * *') ?? 'accepted', /due 4 min after the time before/)
  assert.equal(checkCron('2,58 6 * * *'), undefined)
  assert.match(checkCron('2,58 0,23 * * *') ?? 'accepted', /due 4 min after the time before/)
})

test('a parsed line names its values in order and once', () => {
  assert.deepEqual(parseCron('7,27 */8 1 JAN,3-4 *'), {
    minutes: [7, 27],
    hours: [0, 8, 16],
    days: [1],
    months: [1, 3, 4],
    weekdays: [0, 1, 2, 3, 4, 5, 6],
  })
  assert.deepEqual(parseCron('7 3,3,1-4 * * FRI,5,MON').hours, [1, 2, 3, 4])
  assert.throws(() => parseCron('nonsense'), ConfigFailure)
})

const LINES = 'cron/real_world_cron_lines.tsv'

test('of 451 cron lines of real workflows 436 are accepted, and 15 refused with a sentence', skipWithout(LINES), () => {
  const lines = realLines()
  const refused = lines.flatMap((line) => checkCron(line) ?? [])

  assert.equal(lines.length, 451)
  assert.equal(refused.length, 15)
  assert.ok(refused.every((sentence) => /^cron ".*": .+; expected .+/s.test(sentence)))
})

test("on real lines GitHub's own parser and ours differ only in steps from a single value", skipWithout(LINES), () => {
  const github = (line: string): boolean => isValidCron(line) && !hasCronIntervalLessThan5Minutes(line)
  const different = realLines().filter((line) => github(line) !== (checkCron(line) === undefined))

  // GitHub's parser lets them pass and its documentation does not know them.
  assert.deepEqual(different.sort(), ['0/5 * * * *', '5 0/12 * * *'])
})

function realLines(): string[] {
  const rows = readFileSync(sharedData(LINES), 'utf8').replace(/\n$/, '').split('\n').slice(1)
  return rows.map((row) => row.split('\t')[0] ?? '')
}
