// postgres.js 3.4.9 can throw where nobody can catch: a write that it planned finds its socket gone (porsager/postgres
// #1066, #1154, #1208). The statement itself is rejected properly, so that one error, and only it, must not end us.

import { writeSync } from 'node:fs'
import { inspect } from 'node:util'

/** Ignores the driver's known stray error from now on; every other uncaught error crashes the process as usual. */
export function guardAgainstDriverCrash(): void {
  // A capture callback and not a listener: a listener would also switch off the crash for all other errors, and other
  // people's listeners (node:test's) would still see this one.
  if (!process.hasUncaughtExceptionCaptureCallback()) process.setUncaughtExceptionCaptureCallback(judge)
}

/** Is this the driver's known stray error? Message and origin must both fit. */
export function isDriverCrash(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    error.message === "Cannot read properties of null (reading 'write')" &&
    /at .*\bnextWrite\b.*[\\/]postgres[\\/](src|cjs[\\/]src)[\\/]connection\.js/.test(error.stack ?? '')
  )
}

function judge(error: unknown): void {
  if (isDriverCrash(error)) return
  if (process.listenerCount('uncaughtException') > 0) {
    process.listeners('uncaughtException').forEach((listener) => listener(error as Error, 'uncaughtException'))
    return
  }
  // What node itself does: the error, the version, exit code 1. Synchronously, so that nothing else runs any more.
  writeSync(2, `Uncaught:\n${inspect(error)}\n\nNode.js ${process.version}\n`)
  process.exit(1)
}
