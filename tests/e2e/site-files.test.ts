// The site over a made-up year, file by file: what needs no browser to be seen.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, test } from 'node:test'

import { aDatabase } from '../helpers/database.ts'
import { fillHistory } from '../history/fill.ts'

import { listFiles } from './site-pages.ts'
import { buildStage, NOW, type Stage } from './site-stage.ts'

let stage: Stage

before(async () => {
  await using database = await aDatabase()
  await fillHistory(database.sql, { runs: 6_000, seed: 11, now: NOW, years: 1 })
  stage = await buildStage(database.sql)
})

after(() => stage?.[Symbol.asyncDispose]())

test('the site may be published: links, sizes, secrets and terms', () => {
  assert.deepEqual(stage.problems, [])
})

test('every link to an older run leads to one that the site tells of', async () => {
  const files = await listFiles(stage.folder)
  const texts = (wanted: (file: string) => boolean) =>
    Promise.all(files.filter(wanted).map((file) => readFile(path.join(stage.folder, file), 'utf8')))
  const told = (await texts((file) => file.startsWith('data/runs/'))).join('')
  const pages = (await texts((file) => file.endsWith('.html') || file.startsWith('data/slots/'))).join('')
  const linked = new Set([...pages.matchAll(/run\.html\?id=([0-9a-f-]{36})/g)].map(([, id]) => id ?? ''))

  assert.ok(linked.size > 100, `${linked.size} runs are linked`)
  assert.deepEqual([...linked].filter((id) => !told.includes(id)), []) // prettier-ignore
})

test('the calendar has whole events on lines of at most 75 bytes', async () => {
  const text = await readFile(path.join(stage.folder, 'calendar.ics'), 'utf8')
  const lines = text.split('\r\n')
  const count = (wanted: string) => lines.filter((line) => line === wanted).length

  assert.equal(lines[0], 'BEGIN:VCALENDAR')
  assert.deepEqual(lines.slice(-2), ['END:VCALENDAR', ''])
  assert.ok(count('BEGIN:VEVENT') > 0)
  assert.equal(count('BEGIN:VEVENT'), count('END:VEVENT'))
  assert.ok(lines.every((line) => Buffer.byteLength(line) <= 75))
})

test('every JSON file can be parsed, and status.json says when it was made', async () => {
  const files = (await listFiles(stage.folder)).filter((file) => file.endsWith('.json'))
  const parsed = await Promise.all(files.map(async (file) => JSON.parse(await readFile(path.join(stage.folder, file), 'utf8')) as Record<string, unknown>)) // prettier-ignore

  assert.ok(files.includes('status.json') && files.includes('jobs/nfl/bronze.json'))
  assert.ok(JSON.stringify(parsed[files.indexOf('status.json')]).includes(NOW.toISOString()))
})
