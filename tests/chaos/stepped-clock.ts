// Loaded into a process before its program: the machine's wall clock jumps a day ahead, and later an hour back, while the
// monotonic clock goes on. As after a suspended machine or a correction of its clock.

import { setWallClock } from '../helpers/wall-clock.ts'

const DAY = 86_400_000
const HOUR = 3_600_000

let offsetMs = 0
for (const [afterMs, jump] of [[700, DAY], [2000, -HOUR]] as const) setTimeout(() => (offsetMs = jump), afterMs).unref() // prettier-ignore
setWallClock(() => offsetMs)
