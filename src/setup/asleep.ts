// Workflows that GitHub disabled for inactivity. Set-up has no schedule and so never sleeps itself: it wakes the others.

import { DISABLED_AFTER } from '../core/quiet.ts'
import { JobFailure } from '../core/errors.ts'
import type { GithubApi } from '../executors/github-api.ts'
import type { Finding } from './advice.ts'
import type { GithubFacts } from './github-facts.ts'

/** Enables every workflow that fell asleep, each by itself, and says which; what a person has disabled stays so. The facts that
 *  come back no longer hold those that are awake. */
export async function wakeWorkflows(
  github: Pick<GithubApi, 'enableWorkflow'>,
  facts: GithubFacts | { readonly refusal: string },
): Promise<{ readonly facts: GithubFacts | { readonly refusal: string }; readonly findings: readonly Finding[] }> {
  if ('refusal' in facts) return { facts, findings: [] }
  const woken: string[] = []
  const findings: Finding[] = []
  for (const { file } of facts.disabled.filter(({ state }) => state === DISABLED_AFTER)) {
    try {
      await github.enableWorkflow(file)
      woken.push(file)
    } catch (error) {
      if (!(error instanceof JobFailure)) throw error
      findings.push({ ok: false, sentence: `${file} could not be enabled: ${error.message}` })
    }
  }
  const disabled = facts.disabled.filter(({ file }) => !woken.includes(file))
  return { facts: { ...facts, disabled }, findings: [...sayWoken(woken), ...findings] }
}

function sayWoken(woken: readonly string[]): Finding[] {
  if (woken.length === 0) return []
  const sentence = `Enabled again, because GitHub had disabled them for inactivity: ${woken.join(', ')}. Make a commit: without one they are disabled again.`
  return [{ ok: true, sentence }]
}
