// A second opinion on our workflow files: GitHub's own parser reads them without an error, and the same schedules.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'

import { readCatalog } from '../../src/schedule/catalog.ts'
import { editedCopy, NFL_JOBS } from './edited-copy.ts'

const FOLDER = new URL('../../.github/workflows/', import.meta.url)

for (const name of readdirSync(FOLDER)) {
  test(`GitHub's parser has nothing to say about ${name}`, async () => {
    const { errors } = await asGitHubReads(name)

    assert.deepEqual(errors, [])
  })
}

test("GitHub's parser reads the cron lines and zones that the catalog reads", async (t) => {
  const { jobs } = await readCatalog(await editedCopy(t), NFL_JOBS)

  for (const { file, schedules } of jobs) {
    const github = await asGitHubReads(file.replace('.github/workflows/', ''))
    assert.deepEqual(
      github.schedule,
      schedules.map(({ cron, zone }) => ({ cron, timezone: zone })),
    )
  }
})

async function asGitHubReads(name: string): Promise<{ errors: string[]; schedule: unknown }> {
  const content = readFileSync(new URL(name, FOLDER), 'utf8')
  const parsed = parseWorkflow({ name, content }, new NoOperationTraceWriter())
  const template = parsed.value && (await convertWorkflowTemplate(parsed.context, parsed.value))
  return { errors: parsed.context.errors.getErrors().map(String), schedule: template?.events.schedule }
}
