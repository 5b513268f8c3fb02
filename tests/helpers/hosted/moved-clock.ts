// Loaded into a process before its program: its wall clock is as far from the machine's as MOVED_CLOCK_MS says.

import { setWallClock } from '../wall-clock.ts'

const offsetMs = Number(process.env['MOVED_CLOCK_MS'] ?? 0)
setWallClock(() => offsetMs)
