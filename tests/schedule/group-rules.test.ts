// Who waits with whom: the concurrency groups of our workflows, by GitHub's own evaluator.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

import fc from 'fast-check'
import { parse } from 'yaml'

import { evaluateField } from '../helpers/expressions.ts'

const FOLDER = new URL('../../.github/workflows/', import.meta.url)

interface Input {
  readonly type: string
  readonly default?: unknown
}
interface Parsed {
  readonly on: Readonly<Record<string, { inputs?: Readonly<Record<string, Input>> } | null>>
  readonly concurrency: { readonly group: string }
}
interface Run {
  readonly inputs?: Readonly<Record<string, unknown>>
  readonly id?: string
  readonly branch?: string
  readonly parent?: { readonly repository: string; readonly branch: string }
}

const workflows = readdirSync(FOLDER).map((file) => {
  const parsed = parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Parsed
  return { name: file.replace('.yml', ''), ...parsed }
})
const withInputs = workflows.filter(({ on }) => on['workflow_dispatch']?.inputs)
const jobs = workflows.filter(({ on }) => on['workflow_dispatch']?.inputs?.['request'])
const chained = workflows.filter(({ on }) => on['workflow_run'])

/** The group as GitHub writes and compares it. */
function groupOf({ concurrency }: Parsed, { inputs = {}, id = '1', branch = 'trunk', parent }: Run): string {
  const run = parent && { head_repository: { full_name: parent.repository }, head_branch: parent.branch }
  const event = run ? { workflow_run: run } : {}
  const github = { run_id: id, ref_name: branch, ref: `refs/heads/${branch}`, repository: 'o/r', event }
  return evaluateField(concurrency.group, { github, inputs }).toLowerCase()
}

/** What GitHub hands over where a person leaves the form alone. */
function defaultsOf({ on }: Parsed): Record<string, unknown> {
  const inputs = Object.entries(on['workflow_dispatch']?.inputs ?? {})
  return Object.fromEntries(inputs.map(([name, input]) => [name, input.default ?? '']))
}

for (const workflow of jobs) {
  const left = defaultsOf(workflow)

  test(`${workflow.name}: a form left alone, a request and the schedule wait together`, () => {
    const due = groupOf(workflow, {})

    assert.equal(groupOf(workflow, { inputs: left, id: '2' }), due)
    assert.equal(groupOf(workflow, { inputs: { ...left, request: '17' }, id: '3' }), due)
  })

  test(`${workflow.name}: development, another branch and whatever a person asks for wait apart from what is due`, () => {
    const asked = [
      { inputs: { ...left, environment: 'development' } },
      { inputs: left, branch: 'try-this' },
      ...Object.keys(left)
        .filter((name) => !['request', 'environment'].includes(name))
        .map((name) => ({ inputs: { ...left, [name]: typeof left[name] === 'boolean' ? true : '9' }, id: '2' })),
    ]

    const groups = [{}, ...asked].map((run) => groupOf(workflow, run))

    assert.equal(new Set(groups).size, groups.length, groups.join('\n'))
  })

  test(`${workflow.name}: no list of dead letters is too long for a group`, () => {
    const retry = Array.from({ length: 500 }, (_, index) => index).join(',')

    assert.ok(groupOf(workflow, { inputs: { ...left, ...('retry' in left && { retry }) } }).length < 400)
  })
}

for (const workflow of chained) {
  test(`${workflow.name}: a chain from here waits with the schedule, one from another branch or a fork does not`, () => {
    const from = (repository: string, branch: string) => groupOf(workflow, { parent: { repository, branch } })

    assert.equal(from('o/r', 'trunk'), groupOf(workflow, {}))
    assert.notEqual(from('o/r', 'try-this'), groupOf(workflow, {}))
    assert.notEqual(from('p/r', 'trunk'), groupOf(workflow, {}))
  })
}

for (const workflow of withInputs.filter(({ name }) => name !== 'ops-override')) {
  const inputs = Object.entries(workflow.on['workflow_dispatch']?.inputs ?? {}).filter(([name]) => name !== 'request')

  test(`${workflow.name}: two wishes share a group only if they are one`, () => {
    const valueOf = ({ type }: Input) => (type === 'boolean' ? fc.boolean() : fc.constantFrom('', '1', '2', '12'))
    const wish = fc.record(Object.fromEntries(inputs.map(([name, input]) => [name, valueOf(input)])))
    fc.assert(
      fc.property(wish, wish, (one, other) => {
        const same = inputs.every(([name, input]) => (one[name] || input.default || '') === (other[name] || input.default || '')) // prettier-ignore
        const retries = Boolean(one['retry'] || other['retry'])

        const shared = groupOf(workflow, { inputs: one, id: '7' }) === groupOf(workflow, { inputs: other, id: '8' })

        assert.equal(shared, same && !retries)
      }),
    )
  })
}

test('two acts of ops-override never wait for each other', () => {
  const override = workflows.find(({ name }) => name === 'ops-override')!

  assert.notEqual(groupOf(override, { id: '1' }), groupOf(override, { id: '2' }))
})
