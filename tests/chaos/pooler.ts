// PgBouncer in front of the server, one server connection a transaction, to be killed and started again.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { aFreePort } from '../helpers/broken-servers.ts'

import { OWNER, type ChaosServer } from './server.ts'

/** Where Debian puts it. */
const PROGRAM = '/usr/sbin/pgbouncer'

export interface Pooler extends AsyncDisposable {
  readonly port: number
  kill(): Promise<void>
  start(): Promise<void>
}

/** Undefined where PgBouncer is not installed. */
export async function aPooler(server: ChaosServer): Promise<Pooler | undefined> {
  if (!existsSync(PROGRAM)) return undefined
  const port = await aFreePort()
  const file = writeConfiguration(server, port)
  let running: ChildProcess | undefined
  const pooler: Pooler = {
    port,
    async kill() {
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
      const ended = once(running, 'exit')
      running.kill('SIGKILL')
      await ended
    },
    async start() {
      await pooler.kill()
      running = spawn(PROGRAM, ['-q', file], { stdio: 'ignore', cwd: server.place.directory, ...server.place.user })
      while (!(await answers(port))) await wait(20)
    },
    [Symbol.asyncDispose]: () => pooler.kill(),
  }
  await pooler.start()
  return pooler
}

function writeConfiguration({ place, port, password }: ChaosServer, own: number): string {
  const users = join(place.directory, 'pgbouncer-users')
  const file = join(place.directory, 'pgbouncer.ini')
  const lines = [
    '[databases]',
    `* = host=127.0.0.1 port=${port}`,
    '[pgbouncer]',
    `listen_addr = 127.0.0.1`,
    `listen_port = ${own}`,
    `auth_type = scram-sha-256`,
    `auth_file = ${users}`,
    'pool_mode = transaction',
    'default_pool_size = 8',
    'unix_socket_dir =',
    `logfile = ${join(place.directory, 'pgbouncer.log')}`,
  ]
  writeFileSync(users, `"${OWNER}" "${password}"\n`, { mode: 0o600 })
  writeFileSync(file, `${lines.join('\n')}\n`)
  if (place.user) for (const path of [users, file]) chownSync(path, place.user.uid, place.user.gid)
  return file
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })
}
