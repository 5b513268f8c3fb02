// A replay that is killed at random moments, parent or child, and started again leaves the same lake and the same slots.
// MATCHDAY_KILLS sets how many kills (3 by default), MATCHDAY_SEED their moments.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { simulateGames } from '../../src/leagues/nfl/sources/nflverse/simulator.ts'
import {
  jobsOf,
  processesMarked,
  readLake,
  readSlots,
  runReplay,
  startReplay,
  withReplayDatabase,
  type RunningReplay,
  type SlotEnd,
} from '../helpers/replay.ts'

const KILLS = Number(process.env['MATCHDAY_KILLS'] ?? 3)
const SEED = Number(process.env['MATCHDAY_SEED'] ?? 20261122)
/** A replay of the small league takes about this long. */
const USUAL_MS = 14_000
const END_OF_WEEK = new Date('2026-11-10T13:00:00Z')

const folder = mkdtempSync(join(tmpdir(), 'matchday-kills-'))
const source = join(folder, 'simulated-games.csv')
const args = ['--source', source, '--season', '2026', '--week', '9']

before(() => {
  writeFileSync(source, simulateGames({ seed: SEED, now: END_OF_WEEK, firstSeason: 2024 }))
})
after(() => rmSync(folder, { recursive: true }))

test(`after ${KILLS} kills and restarts the lake and the slots are what they are without any`, async (t) => {
  const whole = await leftBy(await runReplay([...args, '--fresh']))
  const mark = randomUUID()

  const hits = await killRandomly(mark, (line) => t.diagnostic(line))
  const end = await startReplay(args, mark).ended
  const killed = await leftBy(end)

  assert.ok(hits > 0, 'somebody was killed')
  assert.deepEqual(killed.lake, whole.lake)
  assert.deepEqual(killed.slots, whole.slots)
  assert.deepEqual(
    killed.slots.filter((slot) => slot.servings > 1),
    [],
  )
  assert.deepEqual(
    killed.slots.filter((slot) => slot.state === 'due' || slot.state === 'running'),
    [],
  )
  assert.deepEqual(await survivors(mark), [])
})

async function leftBy(end: { code: number | null; stderr: string; database: string }): Promise<{
  lake: Record<string, string>
  slots: SlotEnd[]
}> {
  assert.equal(end.code, 0, end.stderr)
  return await withReplayDatabase(end.database, async (sql) => ({
    lake: await readLake(sql),
    slots: await readSlots(sql, END_OF_WEEK),
  }))
}

/** Kills the parent or the job that runs, at moments drawn from the seed; the first start is fresh, later ones go on. */
async function killRandomly(mark: string, tell: (line: string) => void): Promise<number> {
  const random = seeded(SEED)
  let running = startReplay([...args, '--fresh'], mark)
  let hits = 0
  await nextJob(running, mark) // until then the database of the replay before is still there
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const delay = Math.round(200 + random() * (USUAL_MS / Math.min(4, KILLS)))
    const parent = random() < 0.5
    await wait(delay)
    const victims = parent ? [running.process.pid ?? 0] : await nextJob(running, mark)
    for (const pid of victims) killNow(pid)
    hits += victims.length > 0 ? 1 : 0
    tell(`kill ${kill}: after ${delay} ms, ${parent ? 'the parent' : `${victims.length} job`}`)
    if (running.process.exitCode !== null || parent) {
      const { code, stderr } = await running.ended
      assert.ok(code === null || code === 0, stderr) // null: by our signal
      running = startReplay(args, mark)
    }
  }
  await running.ended
  return hits
}

/** Between two jobs there is nobody to kill: waits for the next one, unless the replay is over. */
async function nextJob(running: RunningReplay, mark: string): Promise<number[]> {
  while (running.process.exitCode === null && running.process.signalCode === null) {
    const jobs = jobsOf(mark)
    if (jobs.length > 0) return jobs
    await wait(20)
  }
  return []
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH') // it had ended by itself
  }
}

/** Processes that outlive the replay by more than the moment they need to notice. */
async function survivors(mark: string): Promise<number[]> {
  for (let tries = 0; tries < 100 && processesMarked(mark).length > 0; tries += 1) await wait(100)
  return processesMarked(mark)
}

/** A small seeded generator (mulberry32): the same kills for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
