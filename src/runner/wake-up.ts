// Works out what woke this process, from GitHub's event, or from the command line. Pure: the door hands in what it read.

import { ConfigFailure } from '../core/errors.ts'
import { toParamName, type RawParams } from '../core/params.ts'
import { TRIGGERS, type Trigger } from '../core/run.ts'

export interface WakeUp {
  readonly trigger: Trigger
  /** Started by a person: only then may inputs name a period, and only then does a run without a slot make sense. */
  readonly byPerson: boolean
  readonly raw: RawParams
  /** Of the request that this answers. */
  readonly requestId?: string
}

/** What a door knows of GitHub: a few environment variables and the event's payload, already parsed. */
export interface GithubEvent {
  readonly name: string
  readonly attempt: number
  readonly actor: string | undefined
  readonly payload: Readonly<Record<string, unknown>>
}

/** The wake-up that a GitHub event is. Throws ConfigFailure for an event that no job workflow declares. */
export function wakeUpOfEvent(event: GithubEvent): WakeUp {
  const { request, ...raw } = event.name === 'workflow_dispatch' ? inputsOf(event.payload) : {}
  const requestId = toRequestId(request)
  // A dispatch that names its request, or was sent by a bot's token, is ops-watch acting on a request, not a person.
  const isRequest = requestId !== undefined || (event.actor ?? '').endsWith('[bot]')
  const byPerson = event.name === 'workflow_dispatch' && !isRequest
  const trigger = triggerOf(event.name, byPerson)
  // Whoever starts an old attempt again wishes it anew: its request was answered by the first.
  if (event.attempt > 1) return { trigger: 'rerun', byPerson, raw }
  return { trigger, byPerson, raw, ...(requestId !== undefined && { requestId }) }
}

/** Ids come from ops-watch; one that cannot be any is a mistake to be told of at once. */
function toRequestId(value: string | boolean | undefined): string | undefined {
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string' && /^[1-9]\d{0,17}$/.test(value)) return value
  throw new ConfigFailure(
    `--request "${String(value)}": expected the number of a request, which ops-watch fills in. Leave it empty.`,
    { code: 'bad_parameter' },
  )
}

function triggerOf(name: string, byPerson: boolean): Trigger {
  if (name === 'schedule') return 'schedule'
  if (name === 'workflow_run') return 'chain'
  if (name === 'workflow_dispatch') return byPerson ? 'manual' : 'request'
  throw new ConfigFailure(
    `the event "${name}" does not start a job: expected schedule, workflow_run or workflow_dispatch. Check the workflow's "on:".`,
    { code: 'unknown_event', context: { event: name } },
  )
}

function inputsOf(payload: Readonly<Record<string, unknown>>): RawParams {
  const inputs = payload['inputs']
  if (typeof inputs !== 'object' || inputs === null) return {}
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      toParamName(name),
      typeof value === 'boolean' ? value : String(value),
    ]),
  )
}

/** The wake-up that a command line is: a person's, unless `--trigger` says otherwise (the replay does), or it answers a
 *  request. */
export function wakeUpOfFlags(trigger: string | undefined, raw: RawParams, request?: string): WakeUp {
  const requestId = toRequestId(request)
  const name = trigger ?? (requestId === undefined ? 'manual' : 'request')
  const known = TRIGGERS.find((one) => one === name)
  if (known === undefined) {
    throw new ConfigFailure(`--trigger "${name}": expected ${TRIGGERS.join(', ')}`, { code: 'bad_parameter' })
  }
  return { trigger: known, byPerson: known === 'manual', raw, ...(requestId !== undefined && { requestId }) }
}
