// A job that takes its time on a virtual clock: it begins when it is woken, and goes on until the test says that the time
// is over.

import type { AnyJob } from '../../src/core/job.ts'

/** What a run of a job is to take. */
export interface Life {
  readonly seconds: number
  /** By itself unless told: the runner may die with it, or GitHub may cancel it because it hangs. */
  readonly end?: 'killed' | 'cancelled'
}

export interface SlowJob {
  readonly job: AnyJob
  /** Resolves with true when the job's own work begins. */
  readonly begun: Promise<true>
  /** Lets the work be done now. */
  letGo(): void
}

/** The same job, whose work waits until it is let go or told to stop. */
export function slowDown(job: AnyJob): SlowJob {
  let begin: (value: true) => void = () => undefined
  let letGo: () => void = () => undefined
  const begun = new Promise<true>((resolve) => (begin = resolve))
  const over = new Promise<void>((resolve) => (letGo = resolve))
  const slow: AnyJob = {
    ...job,
    async run(period, ctx) {
      const told = new Promise<void>((resolve) => {
        ctx.signal.addEventListener('abort', () => resolve(), { once: true })
      })
      begin(true)
      await Promise.race([over, told])
      ctx.signal.throwIfAborted()
      return await job.run(period, ctx)
    },
  }
  return { job: slow, begun, letGo: () => letGo() }
}
