// What a person reads about a run, and that nothing from outside can dress it up.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createRunRecord } from '../../src/runner/record.ts'
import { toPlainData, toText } from '../../src/runner/report-text.ts'
import { toMarkdown } from '../../src/runner/summary.ts'
import type { RunReport } from '../../src/runner/types.ts'
import { aJob, aRun, at } from '../helpers/builders.ts'

function aReport(wish: Partial<RunReport> = {}): RunReport {
  return {
    job: aJob(),
    run: aRun({ slotDueAt: at('19 08:07'), startedAt: at('19 08:07') }),
    gate: undefined,
    outcome: 'succeeded',
    reason: undefined,
    record: createRunRecord((text) => text),
    errors: [],
    durationMs: 3210,
    overdue: [],
    ...wish,
  }
}

const startedAt = (time: string) => aReport({ run: aRun({ slotDueAt: at('19 08:07'), startedAt: at(time) }) })

test('the headline says which job and how it ended', () => {
  assert.match(toMarkdown(aReport()), /^## ● test\/one succeeded\n/)
  assert.match(toMarkdown(aReport({ outcome: 'gated' })), /^## – test\/one did not run\n/)
  assert.match(toMarkdown(aReport({ outcome: 'failed' })), /^## ✕ test\/one failed\n/)
})

for (const [started, said] of [
  ['19 08:07', 'on time'],
  ['19 10:47', '2 h 40 m late'],
  ['19 07:47', '20 m early'],
] as const) {
  test(`a run that started ${started.slice(3)} for 08:07 is said to be ${said}, in Markdown and in text`, () => {
    const due = `Tue 19 Nov 2024 08:07 UTC, ${said}`

    assert.ok(toMarkdown(startedAt(started)).includes(`| slot | due ${due} |`))
    assert.ok(toText(startedAt(started)).includes(`slot of ${due}`))
  })
}

test('a run without a slot, a retry, a dry run and simulated data are said to be so', () => {
  const record = createRunRecord((text) => text)
  record.simulated = true
  const run = aRun({ attempt: 2, retryOf: 'run-1', dryRun: true })
  const markdown = toMarkdown(aReport({ run, record }))

  assert.match(markdown, /\| slot \| none \|/)
  assert.match(markdown, /\| try \| 2 \(continues run `run-1`\) \|/)
  assert.match(markdown, /\*\*Dry run\.\*\*/)
  assert.match(markdown, /\*\*Simulated data\.\*\*/)
  assert.match(toText(aReport({ run, record })), /no slot.*\n {2}simulated data.*\n {2}dry run/)
})

test('links lead to the log and the commit', () => {
  const markdown = toMarkdown(aReport(), { run: 'https://g/o/r/actions/runs/1', commit: 'https://g/o/r/commit/c' })

  assert.match(markdown, /\[log\]\(https:\/\/g\/o\/r\/actions\/runs\/1\) · \[commit\]\(https:\/\/g\/o\/r\/commit\/c\)/)
})

const EVIL = 'a|b <img src=x> @ann *b* `c` [l](u) \\ #1 &amp;\n\n# head\r::error::x'

test('text from outside becomes no cell, tag, mention, emphasis, link, heading or command', () => {
  const record = createRunRecord((text) => text)
  record.count(EVIL, { read: 1 })
  record.fail({ kind: EVIL, key: EVIL, code: EVIL, message: EVIL })
  record.addTable(EVIL, [{ [EVIL]: EVIL }])
  record.openSpan(EVIL).close(EVIL)
  const error = { kind: 'Crash', code: EVIL, retryable: false, message: EVIL, stack: null, context: {} }
  const plain = toMarkdown(aReport({ record, reason: 'x', errors: [{ ...error, code: 'c', message: 'm' }] }))
  const markdown = toMarkdown(aReport({ record, reason: EVIL, errors: [error] }))

  assert.ok(!/<img|@ann|\*b\*|\[l\]|#1[^2]|\\ /.test(markdown))
  assert.ok(!markdown.split('\n').some((line) => /^\s*(::|# )/.test(line)))
  assert.equal(markdown.split('\n').length, plain.split('\n').length)
  for (const line of markdown.split('\n').filter((text) => text.startsWith('| '))) {
    assert.ok([2, 3, 5, 1].includes(line.split('|').length - 2), line)
  }
})

test('the key of a failed item stays readable: underscores are not decoded between backticks', () => {
  const record = createRunRecord((text) => text)
  record.fail({ kind: 'game', key: '2020_12_BAL_PIT', code: 'c', message: 'm' })

  assert.match(toMarkdown(aReport({ record })), /- game <code>2020&#95;12&#95;BAL&#95;PIT<\/code>: m/)
})

test('more than twenty failed items and more than fifty rows are counted, not shown', () => {
  const record = createRunRecord((text) => text)
  for (let n = 0; n < 1234; n++) record.fail({ kind: 'game', key: `g${n}`, code: 'c', message: 'm' })
  record.addTable(
    'odds',
    Array.from({ length: 60 }, (_, n) => ({ n })),
  )
  const markdown = toMarkdown(aReport({ record }))

  assert.match(markdown, /- and 1,214 more, kept as dead letters/)
  assert.match(markdown, /10 more rows are in the ledger/)
})

test('a summary stays under GitHub’s 1 MiB and says that it was cut', () => {
  const record = createRunRecord((text) => text)
  for (let n = 0; n < 60; n++)
    record.addTable(
      `t${n}`,
      Array.from({ length: 50 }, () => ({ text: 'é|'.repeat(200) })),
    )
  const markdown = toMarkdown(aReport({ record }))

  assert.ok(Buffer.byteLength(markdown) <= 1024 * 1024)
  assert.match(markdown, /The rest was cut at GitHub's limit of 1 MiB; the ledger has it all\.$/)
  assert.ok(!markdown.includes('\ufffd'))
})

test('the five slowest spans are named, slowest first', () => {
  const record = createRunRecord((text) => text)
  for (const durationMs of [1, 6, 3, 5, 2, 4]) record.spans.push({ place: 0, parent: undefined, name: `s${durationMs}`, offsetMs: 0, durationMs, error: undefined }) // prettier-ignore
  const markdown = toMarkdown(aReport({ record }))

  const shown = [...markdown.matchAll(/^\| (s\d) \|/gm)].map((match) => match[1])
  assert.deepEqual(shown, ['s6', 's5', 's4', 's3', 's2'])
})

test('in the terminal no text from outside begins a line, which GitHub could take for a command', () => {
  const record = createRunRecord((text) => text)
  record.count('::error::kind', {})
  const text = toText(aReport({ record, reason: '::add-mask::x\n::error::y\r\n  ::error::z' }))

  assert.ok(!text.split(/[\r\n]/).some((line) => line.trimStart().startsWith('::')), text)
})

test('the JSON is one line of plain data with ISO instants', () => {
  const record = createRunRecord((text) => text)
  record.count('game', { read: 3, written: 2, skipped: 1 })
  record.note('etag', 'W/"1"')
  const json = JSON.stringify(
    toPlainData(aReport({ record, overdue: [{ job: 'a/b', dueAt: at('18 00:00'), deadlineAt: at('20 00:00') }] })),
  )
  const read = JSON.parse(json) as Record<string, unknown>

  assert.ok(!json.includes('\n'))
  assert.equal(read['slotDueAt'], '2024-11-19T08:07:00.000Z')
  assert.deepEqual(read['items'], { read: 3, written: 2, skipped: 1, failed: 0 })
  assert.deepEqual(read['notes'], { etag: 'W/"1"' })
  assert.deepEqual(read['overdue'], [{ job: 'a/b', dueAt: '2024-11-18T00:00:00.000Z', deadlineAt: '2024-11-20T00:00:00.000Z' }]) // prettier-ignore
})
