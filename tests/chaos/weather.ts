// Lets faults come and go, one or two at a time, for as long as it is told to; at the end nothing is wrong any more.

import { setTimeout as wait } from 'node:timers/promises'

import { FAULTS, type Fault, type World } from './faults.ts'

export interface Trouble {
  /** How often each fault came, by its name. */
  readonly counts: Record<string, number>
  /** Faults that could not be brought about: another one was in their way. */
  readonly failed: number
  /** Ends what is going on, and resolves when all is well. */
  end(): Promise<void>
}

/** Starts the trouble: two strands that know nothing of each other, so that faults meet. */
export function startTrouble(world: World, say: (line: string) => void): Trouble {
  const over = new AbortController()
  const counts: Record<string, number> = {}
  let failed = 0
  const faults = FAULTS.filter((fault) => fault.isAtHand?.(world) ?? true)
  const strand = async (pauseMs: number): Promise<void> => {
    while (!over.signal.aborted) {
      await wait(pauseMs / 2 + world.random.below(pauseMs), undefined, { signal: over.signal }).catch(() => undefined)
      if (over.signal.aborted) return
      const fault = faults[world.random.below(faults.length)]
      if (fault === undefined) return
      const came = await bringAbout(fault, { world, over: over.signal, say })
      if (came) counts[fault.name] = (counts[fault.name] ?? 0) + 1
      else failed += 1
    }
  }
  const strands = Promise.all([strand(3_000), strand(12_000)])
  return {
    counts,
    get failed() {
      return failed
    },
    async end() {
      over.abort()
      await strands
      await heal(world)
    },
  }
}

async function bringAbout(
  fault: Fault,
  { world, over, say }: { world: World; over: AbortSignal; say: (line: string) => void },
): Promise<boolean> {
  const [least, most] = fault.seconds
  const ms = Math.round((least + world.random.unit() * (most - least)) * 1000)
  say(`  ${fault.name}, ${(ms / 1000).toFixed(1)} s`)
  try {
    const end = await fault.begin(world, ms)
    await wait(ms, undefined, { signal: over }).catch(() => undefined) // all is to end now
    await end()
    return true
  } catch {
    return false // the server is away already, or has no connection for us either
  }
}

/** Whatever a fault could not undo itself because of another. */
async function heal({ server, network, disk, pooler }: World): Promise<void> {
  network.weather({ kind: 'fair' })
  network.resetAll()
  await disk?.free()
  await server.stop('SIGINT')
  await server.start()
  await server.asAdmin(async (sql) => {
    await sql.unsafe('set default_transaction_read_only = off')
    await sql.unsafe('alter system reset default_transaction_read_only')
    await sql`select pg_reload_conf()`
  })
  await pooler?.start()
}
