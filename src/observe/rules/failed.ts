// A job's last run failed, or was never heard of again.

import { count, firstSentence, sayMoment } from '../../core/wording.ts'
import type { JobHealth, LastRun } from '../../ledger/job-health.ts'
import type { Rule } from './rule.ts'

/** A warning while its slot is tried again by itself; critical once nothing more happens without a person. */
export const failed: Rule = (facts) =>
  facts.ledger.jobs.flatMap((health) => {
    const { job, lastRun } = health
    if (lastRun?.outcome !== 'failed' && lastRun?.outcome !== 'abandoned') return []
    return {
      subject: job,
      severity: severityOf(lastRun),
      title: titleOf(job, lastRun),
      detail: `${howOften(lastRun)} ${whatNext(lastRun, health, facts.now)}`,
      runId: lastRun.id,
      slotDueAt: lastRun.slot?.dueAt,
      knowableAt: lastRun.finishedAt,
    }
  })

function titleOf(job: string, { outcome, error, reason }: LastRun): string {
  return outcome === 'abandoned'
    ? `${job} was never heard of again: ${firstSentence(reason ?? 'its run fell silent')}`
    : `${job} failed: ${firstSentence(error?.message || (reason ?? 'no reason was kept'))}`
}

function severityOf({ slot, error, wishedAt }: LastRun): 'warning' | 'critical' {
  if (slot === undefined && wishedAt !== undefined) return 'warning'
  if (slot === undefined || isPermanent(error)) return 'critical'
  return slot.state === 'failed' || slot.state === 'missed' ? 'critical' : 'warning'
}

function isPermanent(error: LastRun['error']): boolean {
  return error !== undefined && !error.retryable
}

function howOften({ slot, outcome }: LastRun): string {
  if (slot === undefined) return 'It held no slot.'
  if (outcome === 'abandoned' && slot.tries === 0) return 'No try is counted for it.'
  return `${count(slot.tries, 'try', 'tries')} so far.`
}

function whatNext({ slot, error, wishedAt }: LastRun, { job, nextDueAt }: JobHealth, now: Date): string {
  const next = nextDueAt ? ` The next slot is due ${sayMoment(nextDueAt)}.` : ''
  if (slot === undefined && wishedAt !== undefined)
    return `Somebody asked for it: it is asked for again ${wishedAt > now ? `from ${sayMoment(wishedAt)} on` : 'now'}.`
  if (slot === undefined || slot.state === 'failed' || slot.state === 'missed') {
    return `Nothing tries it again by itself: start ${job} by hand once the cause is gone.${next}`
  }
  if (slot.state === 'running') return 'Another run is at it now.'
  if (slot.state !== 'due') return `Meanwhile its slot is ${slot.state}: nothing waits for it.${next}`
  const doubt = isPermanent(error) ? 'Its error is of a kind that trying again does not mend. ' : ''
  if (slot.notBefore === undefined || slot.notBefore <= now) return `${doubt}The next wake-up tries it again.`
  return `${doubt}The next try is about ${sayMoment(slot.notBefore)}.`
}
