import assert from 'node:assert/strict'
import { test } from 'node:test'

import { sayCron } from '../../src/schedule/cron-words.ts'

const SAID: readonly [cron: string, words: string][] = [
  ['7 8 * * 2', 'Tue 08:07'],
  ['7 11 * * 3-6', 'Wed to Sat 11:07'],
  ['37 8 * * 0', 'Sun 08:37'],
  ['7 4 * * *', 'daily 04:07'],
  ['7,37 11 * * 2,4', 'Tue, Thu 11:07, 11:37'],
  ['37 * * * *', 'hourly at :37'],
  ['7 9-17 * * 1-5', "Mon to Fri hourly at :07 from 09 to 17 o'clock"],
  ['7 */6 * * *', 'daily 00:07, 06:07, 12:07, 18:07'],
  ['7 */4 * * *', 'every 4 h at :07'],
  ['*/5 * * * *', 'every 5 m'],
  ['2-57/5 6-9 * * 6', "Sat every 5 m from 06 to 09 o'clock"],
  ['7,17 * * * *', 'at :07, :17'],
  ['37 1-5,7-11,13-17,19-23 * * *', "at :37 of 01 to 05, 07 to 11, 13 to 17, 19 to 23 o'clock"],
  ['7 1,2,4,9,11 * * *', "at :07 of 01, 02, 04, 09, 11 o'clock"],
  ['7,37 9-17 * * *', "every 30 m from 09 to 17 o'clock"],
  ['7,37 */2 * * 1-5', 'Mon to Fri every 2 h at :07, :37'],
  ['7,37 8,12,20 * * *', "at :07, :37 of 08, 12, 20 o'clock"],
  ['*/5 8,20 * * *', "every 5 m of 08, 20 o'clock"],
  ['7,17 8,12,20 * * *', "at :07, :17 of 08, 12, 20 o'clock"],
  ['2-57/5 6 * * 6', 'Sat every 5 m from 06:02 to 06:57'],
  ['7 5 1 * *', 'on the 1 of the month 05:07'],
  ['7 5 1 * 1', 'on the 1 of the month and Mon 05:07'],
  ['7 5 * 9-12 *', 'daily 05:07 in Sep to Dec'],
]

for (const [cron, words] of SAID) {
  test(`the cron line "${cron}" is said as ${words}`, () => {
    assert.equal(sayCron(cron), words)
  })
}
