// What may go wrong: each fault begins and, some seconds later, ends. All of them pass; none is the jobs' own.

import { setTimeout as wait } from 'node:timers/promises'

import type { Random } from '../../src/lib/random.ts'

import type { Network, Weather } from './network.ts'
import { livingScripts } from './processes.ts'
import type { Pooler } from './pooler.ts'
import type { ChaosServer } from './server.ts'
import type { SmallDisk } from './small-disk.ts'

export interface World {
  readonly server: ChaosServer
  readonly network: Network
  readonly database: string
  readonly mark: string
  readonly random: Random
  /** Undefined where this machine has none. */
  readonly pooler: Pooler | undefined
  readonly disk: SmallDisk | undefined
}

export interface Fault {
  readonly name: string
  /** How long it may last. */
  readonly seconds: readonly [number, number]
  /** Is it at hand on this machine? */
  readonly isAtHand?: (world: World) => boolean
  /** Begins it and returns how it is ended. */
  begin(world: World, ms: number): Promise<() => Promise<void>>
}

export const FAULTS: readonly Fault[] = [
  { name: 'server restarted', seconds: [0, 6], begin: (world) => stopServer(world, 'SIGINT') },
  { name: 'server crashed', seconds: [0, 3], begin: (world) => stopServer(world, 'SIGQUIT') },
  { name: 'a backend killed', seconds: [0, 1], begin: killBackend },
  { name: 'sessions terminated', seconds: [2, 8], begin: (world, ms) => storm(world, ms, 'pg_terminate_backend') },
  { name: 'statements cancelled', seconds: [2, 8], begin: (world, ms) => storm(world, ms, 'pg_cancel_backend') },
  { name: 'runs locked', seconds: [3, 40], begin: (world) => lockTable(world, 'ledger.runs') },
  { name: 'slots locked', seconds: [3, 40], begin: (world) => lockTable(world, 'ledger.slots') },
  { name: 'lake locked', seconds: [3, 40], begin: (world) => lockTable(world, 'bronze.nfl_games') },
  { name: 'server read-only', seconds: [2, 10], begin: makeReadOnly },
  { name: 'connections used up', seconds: [3, 15], begin: useUpConnections },
  { name: 'disk full', seconds: [3, 15], isAtHand: ({ disk }) => disk !== undefined, begin: fillDisk },
  { name: 'network frozen', seconds: [5, 40], begin: weather(() => ({ kind: 'frozen' })) },
  { name: 'network slow', seconds: [5, 15], begin: weather(({ below }) => ({ kind: 'slow', delayMs: 20 + below(300) })) },
  { name: 'connections cut', seconds: [3, 12], begin: weather(({ below }) => ({ kind: 'cut', afterBytes: () => below(4000) })) },
  { name: 'connections refused', seconds: [1, 8], begin: weather(() => ({ kind: 'refuse' })) },
  { name: 'server hangs up', seconds: [1, 8], begin: weather(() => ({ kind: 'hangUp' })) },
  { name: 'processes killed', seconds: [1, 6], begin: killProcesses },
  { name: 'a process frozen', seconds: [1, 20], begin: freezeProcess },
  { name: 'pooler restarted', seconds: [0, 5], isAtHand: ({ pooler }) => pooler !== undefined, begin: restartPooler },
] // prettier-ignore

type Ending = () => Promise<void>

async function stopServer({ server }: World, signal: 'SIGINT' | 'SIGQUIT'): Promise<Ending> {
  await server.stop(signal)
  return () => server.start()
}

/** Whatever the postmaster loses without a goodbye makes it end every session and recover. */
async function killBackend({ server, random }: World): Promise<Ending> {
  const backends = await server.asAdmin((sql) => sql<{ pid: number }[]>`
    select pid from pg_stat_activity where backend_type = 'client backend' and usename <> current_user
  `) // prettier-ignore
  const victim = backends[random.below(Math.max(1, backends.length))]
  if (victim) killNow(victim.pid)
  return nothing
}

async function storm(
  { server, random }: World,
  ms: number,
  how: 'pg_terminate_backend' | 'pg_cancel_backend',
): Promise<Ending> {
  await server.asAdmin(async (sql) => {
    for (let passed = 0; passed < ms; passed += 250) {
      await sql.unsafe(
        `select ${how}(pid) from pg_stat_activity
         where backend_type = 'client backend' and usename <> current_user and random() < $1`,
        [0.2 + random.unit() * 0.6],
      )
      await wait(250)
    }
  })
  return nothing
}

/** A session of somebody's that holds a whole table until the fault ends. */
async function lockTable({ server, database }: World, table: string): Promise<Ending> {
  const locked = gate()
  const over = gate()
  const held = server
    .asAdmin(async (sql) => {
      await sql.begin(async (tx) => {
        await tx.unsafe(`set local lock_timeout = '20s'; lock table ${table} in access exclusive mode`)
        locked.open()
        await over.opened
      })
    }, database)
    .finally(() => locked.open())
  held.catch(() => undefined) // it may not come by its lock, and then there is no fault
  await locked.opened
  return async () => {
    over.open()
    await held.catch(() => undefined) // cut off by another fault
  }
}

async function makeReadOnly({ server }: World): Promise<Ending> {
  const set = (value: string) =>
    server.asAdmin(async (sql) => {
      // The superuser's own session has to stay able to take it back.
      await sql.unsafe(`set default_transaction_read_only = off`)
      await sql.unsafe(`alter system set default_transaction_read_only = ${value}`)
      await sql`select pg_reload_conf()`
    })
  await set('on')
  return () => set('off')
}

async function useUpConnections({ server, database }: World): Promise<Ending> {
  const { default: postgres } = await import('postgres')
  const hogs = Array.from({ length: 60 }, () => postgres(server.urlOf(database), { max: 1, fetch_types: false }))
  await Promise.allSettled(hogs.map((sql) => sql`select 1`))
  return async () => {
    await Promise.allSettled(hogs.map((sql) => sql.end({ timeout: 0 })))
  }
}

async function fillDisk({ disk }: World): Promise<Ending> {
  await disk?.fill()
  return async () => await disk?.free()
}

function weather(make: (random: Random) => Weather): Fault['begin'] {
  return ({ network, random }) => {
    const bad = make(random)
    network.weather(bad)
    if (bad.kind === 'refuse') network.resetAll()
    return Promise.resolve(() => {
      network.weather({ kind: 'fair' })
      // What was swallowed is gone: a connection that lost bytes has no fair end.
      if (bad.kind !== 'slow' && random.unit() < 0.5) network.resetAll()
      return Promise.resolve()
    })
  }
}

async function killProcesses({ mark, random }: World, ms: number): Promise<Ending> {
  for (let passed = 0; passed < ms; passed += 500) {
    const living = livingScripts(mark)
    const victim = living[random.below(Math.max(1, living.length))]
    if (victim !== undefined) killNow(victim)
    await wait(500)
  }
  return nothing
}

function freezeProcess({ mark, random }: World): Promise<Ending> {
  const living = livingScripts(mark)
  const victim = living[random.below(Math.max(1, living.length))]
  if (victim === undefined) return Promise.resolve(nothing)
  killNow(victim, 'SIGSTOP')
  return Promise.resolve(() => {
    killNow(victim, 'SIGCONT')
    return Promise.resolve()
  })
}

async function restartPooler({ pooler }: World): Promise<Ending> {
  await pooler?.kill()
  return async () => await pooler?.start()
}

const nothing: Ending = () => Promise.resolve()

function killNow(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // it ended by itself meanwhile
  }
}

function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = () => resolve()))
  return { opened, open: () => open() }
}
