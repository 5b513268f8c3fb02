// Where every job of our workflows runs, by GitHub's own evaluator: on the default branch, whatever it is called.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

import { parse } from 'yaml'

import { evaluate } from '../helpers/expressions.ts'

const FOLDER = new URL('../../.github/workflows/', import.meta.url)

interface Parsed {
  readonly on: Readonly<Record<string, { inputs?: Readonly<Record<string, unknown>> } | null>>
  readonly jobs: Readonly<Record<string, { if?: string; needs?: unknown }>>
}

interface Event {
  readonly what: string
  readonly name: string
  readonly ref: string
  readonly event?: Readonly<Record<string, unknown>>
  readonly environment?: string
  readonly runs: boolean
}

const REPOSITORY = { default_branch: 'trunk' }
const [TRUNK, OTHER] = ['refs/heads/trunk', 'refs/heads/main']
const ended = (head_branch: string, full_name: string | undefined) => ({
  repository: REPOSITORY,
  workflow_run: { head_branch, head_repository: full_name === undefined ? null : { full_name } },
})

const EVENTS: readonly Event[] = [
  { what: 'a schedule', name: 'schedule', ref: TRUNK, event: { repository: REPOSITORY }, runs: true },
  { what: 'a schedule that says nothing of its repository', name: 'schedule', ref: TRUNK, event: {}, runs: true },
  { what: "a parent's end", name: 'workflow_run', ref: TRUNK, event: ended('trunk', 'o/r'), runs: true },
  { what: "another branch's parent's end", name: 'workflow_run', ref: TRUNK, event: ended('main', 'o/r'), runs: false },
  { what: "the end of a fork's", name: 'workflow_run', ref: TRUNK, event: ended('trunk', 'p/r'), runs: false },
  { what: "a deleted fork's end", name: 'workflow_run', ref: TRUNK, event: ended('trunk', undefined), runs: false },
  { what: 'a merge', name: 'push', ref: TRUNK, runs: true },
  { what: 'a push to another branch', name: 'push', ref: OTHER, runs: false },
  { what: 'a tag that is called like the branch', name: 'push', ref: 'refs/tags/trunk', runs: false },
  { what: 'a dispatch', name: 'workflow_dispatch', ref: TRUNK, environment: 'production', runs: true },
  {
    what: 'a dispatch of another branch',
    name: 'workflow_dispatch',
    ref: OTHER,
    environment: 'production',
    runs: false,
  },
  { what: 'a dispatch of a tag', name: 'workflow_dispatch', ref: 'refs/tags/trunk', runs: false },
  { what: 'a branch on development', name: 'workflow_dispatch', ref: OTHER, environment: 'development', runs: true },
]

for (const file of readdirSync(FOLDER)) {
  const { on, jobs } = parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Parsed
  // Where there is no second database to choose, there is nothing to try.
  const environments = on['workflow_dispatch']?.inputs?.['environment'] !== undefined
  const events = EVENTS.filter(({ name, environment }) => name in on && (environments || environment !== 'development'))
  const first = Object.entries(jobs).filter(([, { needs }]) => needs === undefined)
  for (const [name, job, event] of first.flatMap(([name, job]) => events.map((one) => [name, job, one] as const))) {
    test(`${file}: ${event.what} ${event.runs ? 'starts' : 'does not start'} "${name}"`, () => {
      assert.equal(evaluate(job.if ?? 'true', contextsOf(event)), String(event.runs))
    })
  }
}

function contextsOf({ name, ref, event = { repository: REPOSITORY }, environment }: Event) {
  const inputs = environment === undefined ? {} : { environment }
  return { github: { event_name: name, ref, repository: 'o/r', event }, inputs, vars: {} }
}

const WATCH = (parse(readFileSync(new URL('ops-watch.yml', FOLDER), 'utf8')) as Parsed).jobs['run']?.if ?? ''
const LINES = ['37 */6 * * *', '37 1-5,7-11,13-17,19-23 * * *']

for (const [said, runs] of [
  [undefined, [true, true]],
  ['false', [true, true]],
  ['true', [true, false]],
  ['True', [true, false]],
] as const) {
  test(`ops-watch.yml: with OUTSIDE_CLOCK ${said} ${runs[1] ? 'every hour' : 'every sixth hour'} of its own is run, and every dispatch`, () => {
    const vars = said === undefined ? {} : { OUTSIDE_CLOCK: said }
    const ticks = LINES.map((schedule) => ({ what: '', name: 'schedule', ref: TRUNK, event: { schedule }, runs: true }))
    const dispatch = { what: '', name: 'workflow_dispatch', ref: TRUNK, environment: 'production', runs: true }

    const found = [...ticks, dispatch].map((event) => evaluate(WATCH, { ...contextsOf(event), vars }))

    assert.deepEqual(found, [...runs.map(String), 'true'])
  })
}
