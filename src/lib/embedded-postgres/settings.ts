// With which settings the server runs.

import { accessSync, constants, statfsSync } from 'node:fs'

/** A parallel query of this server takes 32 MB of it, and several may run at once. */
const ENOUGH_SHARED_MEMORY = 256 * 1024 * 1024

/** The server's settings. `durable: false` trades safety against power cuts for speed. */
export function serverSettings(options: { port: number; durable: boolean }): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    // TCP only: a socket's path may be no longer than 107 characters, and a project's path may.
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '64MB',
    max_wal_size: '256MB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...sharedMemorySettings('/dev/shm'),
    // Safe against the death of any process, only not against a power cut. synchronous_commit=off is not: it lost
    // hundreds of acknowledged commits when the server was killed.
    ...(options.durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  }
}

/** Where the machine's shared memory is tiny (a container's 64 MB and less), closed or missing, files of the data directory
 *  stand in for it. Settings of initdb too, which starts a server of its own. */
export function sharedMemorySettings(mount: string): Record<string, string> {
  if (process.platform !== 'linux' || isLarge(mount)) return {}
  return { dynamic_shared_memory_type: 'mmap' }
}

/** The settings as arguments of initdb and of the server. */
export function toArguments(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])
}

function isLarge(mount: string): boolean {
  try {
    accessSync(mount, constants.W_OK)
    const { bavail, bsize } = statfsSync(mount)
    return bavail * bsize >= ENOUGH_SHARED_MEMORY
  } catch {
    return false // there is none, or it is read-only
  }
}
