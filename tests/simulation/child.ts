// One simulation as a program of its own: `model seed weeks clock`, where a clock of 0 minutes is none. Its account goes to
// file descriptor 3 as JSON, for node's test runner, which the tests' database brings along, writes to the output.

import { writeSync } from 'node:fs'

import { LATE_2026, MID_2026 } from './lateness.ts'
import { SOME_FAULTS } from './league.ts'
import { measure } from './measure.ts'
import { simulate } from './simulate.ts'

const [name, seed, weeks, clock] = process.argv.slice(2)
const model = name === MID_2026.name ? MID_2026 : LATE_2026
const clockMinutes = Number(clock) || undefined
const simulated = await simulate({ model, seed: Number(seed), weeks: Number(weeks), faults: SOME_FAULTS, clockMinutes })
await using _ = simulated.repository
const account = JSON.stringify(await measure(simulated))
for (let at = 0; at < account.length; at += 4096) writeSync(3, account.slice(at, at + 4096))
