// A real PgBouncer before the tests' server, as a user without rights, for as long as it is held.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { aFreePort } from './broken-servers.ts'

const PROGRAM = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path))

/** For node:test's `skip`: false where PgBouncer is installed. */
export const noPooler = PROGRAM === undefined ? 'no PgBouncer in /usr/sbin or /usr/bin; .ci/run installs it' : false

export interface Pooler extends AsyncDisposable {
  readonly port: number
  /** The address of the same database through the pooler. */
  through(url: string): string
  /** Its log so far. */
  log(): string
}

/** Starts one; `settings` are lines of its configuration file, such as `pool_mode = session`. */
export async function aPooler(serverUrl: string, settings: readonly string[] = []): Promise<Pooler> {
  if (PROGRAM === undefined) throw new Error('PgBouncer is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'matchday-pgbouncer-'))
  const port = await aFreePort()
  const user = process.getuid?.() === 0 ? nobody() : undefined
  const log = join(folder, 'log')
  for (const [name, text] of Object.entries(files({ serverUrl, port, log, folder, settings }))) {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    if (user) chownSync(join(folder, name), user.uid, user.gid)
  }
  if (user) chownSync(folder, user.uid, user.gid)
  const running = spawn(PROGRAM, ['-q', join(folder, 'ini')], { stdio: 'ignore', cwd: folder, ...user })
  const ended = once(running, 'exit')
  while (!(await answers(port))) {
    if (running.exitCode !== null) throw new Error(`PgBouncer ended: ${readFileSync(log, 'utf8')}`)
    await wait(20)
  }
  return {
    port,
    through: (url) => Object.assign(new URL(url), { port: String(port), hostname: '127.0.0.1' }).href,
    log: () => readFileSync(log, 'utf8'),
    async [Symbol.asyncDispose]() {
      if (running.exitCode === null && running.signalCode === null) running.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Place {
  readonly serverUrl: string
  readonly port: number
  readonly log: string
  readonly folder: string
  readonly settings: readonly string[]
}

function files({ serverUrl, port, log, folder, settings }: Place): Record<string, string> {
  const server = new URL(serverUrl)
  const [user, password] = [server.username, server.password].map(decodeURIComponent)
  const ini = [
    '[databases]',
    `* = host=${server.hostname} port=${server.port || 5432}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'auth_type = scram-sha-256',
    `auth_file = ${join(folder, 'users')}`,
    `auth_user = ${user}`, // asks the server for the passwords of the roles that tests make
    'pool_mode = transaction',
    // Few, so that one client's session is soon lent to another.
    'default_pool_size = 4',
    'max_client_conn = 500',
    'unix_socket_dir =',
    `logfile = ${log}`,
    'log_connections = 0',
    'log_disconnections = 0',
    ...settings,
  ]
  return { ini: `${ini.join('\n')}\n`, users: `"${user}" "${password}"\n` }
}

function nobody(): { uid: number; gid: number } {
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
