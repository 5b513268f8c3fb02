// Clients of an embedded server as processes of their own, and a project for them to share.

import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import postgres from 'postgres'

import { createPlace, type Place } from '../../src/lib/embedded-postgres/place.ts'
import { findPostmaster } from '../../src/lib/embedded-postgres/postmaster.ts'

import { runTypeScript, type Child } from './child.ts'

/** A directory that counts as a project, with the paths of its server. */
export interface Project extends Disposable {
  readonly root: string
  readonly place: Place
}

/** Made for this test and removed after it. */
export function aProject(owner?: { uid: number; gid: number }): Project {
  const root = mkdtempSync(join(tmpdir(), 'matchday-project-'))
  if (owner) chownSync(root, owner.uid, owner.gid)
  const place = createPlace(root, 'local')
  return {
    root,
    place,
    [Symbol.dispose]() {
      rmSync(root, { recursive: true, force: true, maxRetries: 5 })
      rmSync(place.directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export interface Client extends Child {
  readonly port: number
  readonly url: string
  readonly directory: string
}

const CLIENT = `
import { joinEmbeddedPostgres } from './src/lib/embedded-postgres.ts'
const server = await joinEmbeddedPostgres({ projectRoot: process.argv.at(-1) })
console.log(JSON.stringify({ port: server.port, url: server.urlOf('postgres'), directory: server.directory }))
process.stdin.on('end', async () => { await server[Symbol.asyncDispose](); process.exit() }).resume()
`

/** Starts a process that joins the project's server; it leaves when its standard input ends. */
export function startClient(project: Pick<Project, 'root'>, user: { uid?: number; gid?: number } = {}): Child {
  return runTypeScript(CLIENT, { args: [project.root], ...user })
}

/** The same, once it is in. */
export async function aClient(
  project: Pick<Project, 'root'>,
  user: { uid?: number; gid?: number } = {},
): Promise<Client> {
  const child = startClient(project, user)
  return { ...child, ...(JSON.parse(await child.line()) as Pick<Client, 'port' | 'url' | 'directory'>) }
}

/** Rows of one statement on a connection of its own. */
export async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    return [...(await sql.unsafe(statement))]
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Is nothing left of the project's server? */
export function hasStopped({ place }: Project): boolean {
  return findPostmaster(place.data) === undefined && !existsSync(join(place.data, 'postmaster.pid'))
}

/** The keeper's shells: the server's parent and the parent's other children. Linux only. */
export function keeperOf({ place }: Project): { main: number; watcher: number } {
  const server = findPostmaster(place.data)!.pid
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(parentOf),
  )
  const main = parents.get(server)!
  const watcher = [...parents].find(([pid, parent]) => parent === main && pid !== server)![0]
  return { main, watcher }
}

function parentOf(pid: string): [number, number][] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return [[Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0])]]
  } catch {
    return [] // ended while we looked
  }
}
