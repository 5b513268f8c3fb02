// A job with a cron line in force has no coming slot: nobody would notice that it does not run.

import type { Rule } from './rule.ts'

export const nextSlotUnknown: Rule = ({ ledger, jobs, now }) =>
  ledger.jobs.flatMap(({ job, scheduledFrom, lastDueAt, nextDueAt }) => {
    if (scheduledFrom === undefined || (nextDueAt !== undefined && nextDueAt > now)) return []
    const known = jobs.some((one) => one.job === job)
    return {
      subject: job,
      severity: 'critical',
      title: `${job} has a schedule but no coming slot`,
      detail: known
        ? `Its cron line may name a day that never comes. Change it in its workflow, merge, and run ops-setup.`
        : `This checkout has no such job, so nobody works out its slots. Remove its workflow or bring the job back, merge, and run ops-setup.`,
      runId: undefined,
      slotDueAt: lastDueAt,
      // The moment at which its last slot ceased to be a coming one.
      knowableAt: lastDueAt !== undefined && lastDueAt > scheduledFrom ? lastDueAt : scheduledFrom,
    }
  })
