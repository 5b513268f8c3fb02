// The keeper: a tiny shell process, in a session of its own, that owns the server and stops it when the last client left.
// A shell, because it starts in two milliseconds, needs nothing of ours and survives all of us.

import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'

import { openBothEnds } from './pipe.ts'
import type { Place } from './place.ts'

// 1. Standard input is the reading end of the pipe; only the watcher keeps it, so that a dead watcher means a closed pipe.
// 2. The server is our child: its end is seen at once, and no zombie stays where process 1 does not reap.
// 3. The watcher reads knocks until the end of file: nobody holds the pipe any more.
// 4. It takes the pipe away, then looks again: a client that slipped in before has knocked, and is let stay.
// 5. SIGINT is PostgreSQL's fast shutdown: sessions end, everything is written, it exits.
// Adopted (the keeper before us was killed): the server is not our child, so its end is polled.
const SCRIPT = `
pipe=$1; pidfile=$2; shift 2
exec 3<&0 0</dev/null
runs() { kill -0 "$server" 2>/dev/null && [ -e "$pidfile" ]; }
if [ "$1" = adopt ]; then server=$2; else "$@" 3<&- & server=$!; fi
(
  while :; do
    while read -r _ <&3; do :; done
    mv "$pipe" "$pipe.closing" 3<&- || break
    read -r _ <&3 || break
    mv "$pipe.closing" "$pipe" 3<&-
  done
  kill -INT "$server" 2>/dev/null
  while runs; do sleep 0.05 3<&-; done
) & watcher=$!
exec 3<&-
wait "$server" 2>/dev/null
while runs; do sleep 0.2; done
kill "$watcher" 2>/dev/null
`

/** Starts a keeper with a new server (`command`) or for one that runs without a keeper. Returns our hold of its pipe. */
export function startKeeper(
  place: Place,
  server: { command: readonly string[] } | { adopt: number },
): { keeper: ChildProcess; hold: number } {
  const what = 'adopt' in server ? ['adopt', String(server.adopt)] : server.command
  const { listen, hold } = openBothEnds(place)
  const log = openSync(place.log, 'a', 0o600)
  try {
    const keeper = spawn(
      '/bin/sh',
      ['-c', SCRIPT, 'matchday-keeper', place.pipe, `${place.data}/postmaster.pid`, ...what],
      {
        stdio: [listen, log, log],
        detached: true,
        cwd: place.directory,
        env: serverEnvironment(),
        ...place.user,
      },
    )
    keeper.unref()
    return { keeper, hold }
  } finally {
    closeSync(listen)
    closeSync(log)
  }
}

/** Nothing of ours may leak into the server: PG* variables, locale, secrets. */
export function serverEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
}
