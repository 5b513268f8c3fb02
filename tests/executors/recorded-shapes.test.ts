// GitHub's own answers, recorded from 2021 to 2024: we read them all, and the tests' GitHub sends the same shapes.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { at } from '../helpers/builders.ts'
import { aGithub } from '../helpers/github-server.ts'
import { sharedData, skipWithout } from '../helpers/shared-data.ts'

const FOLDER = 'github/rest-workflow-runs'

type Thing = Record<string, unknown>

/** The recorded answers whose file name matches, by their path below the folder. */
function recorded(name: RegExp): [file: string, body: Thing][] {
  const files = readdirSync(sharedData(FOLDER), { recursive: true, encoding: 'utf8' }).filter((file) => name.test(file))
  return files.sort().map((file) => [file, JSON.parse(readFileSync(join(sharedData(FOLDER), file), 'utf8')) as Thing])
}

test('every recorded list of runs is read, each with its id, file, state and times', skipWithout(FOLDER), async () => {
  await using github = await aGithub()
  const api = createGithubApi({ apiUrl: github.url, repository: github.repository, token: github.token })
  const lists = recorded(/_runs\.json$/)
  assert.ok(lists.length >= 15)

  for (const [file, body] of lists) {
    github.refuseNext({ status: 200, body })
    const runs = await api.listRunsSince(at('19 00:00'), 100)

    const theirs = body['workflow_runs'] as Thing[]
    assert.deepEqual(
      runs.map((run) => [run.id, run.attempt, run.file, run.event, run.status, run.conclusion ?? null, run.url]),
      theirs.map((run) => [
        String(run['id']),
        run['run_attempt'] ?? 1,
        run['path'] ?? '',
        run['event'],
        run['status'],
        run['conclusion'],
        run['html_url'],
      ]),
      file,
    )
    assert.ok(runs.every((run) => run.createdAt.getUTCFullYear() > 2020))
  }
})

test('a recorded startup failure has its conclusion and its file', skipWithout(FOLDER), async () => {
  await using github = await aGithub()
  const api = createGithubApi({ apiUrl: github.url, repository: github.repository, token: github.token })
  for (const [, body] of recorded(/testStartupFailure.*_runs\.json$/)) github.refuseNext({ status: 200, body })

  const [run] = await api.listRunsSince(at('19 00:00'), 1)

  assert.deepEqual(
    [run?.status, run?.conclusion, run?.file, run?.id],
    ['completed', 'startup_failure', '.github/workflows/startup-failure-workflow.yml', '6804432015'],
  )
})

test('a run of the fake has keys of a recorded one, of the same kinds', skipWithout(FOLDER), async () => {
  await using github = await aGithub()
  github.addRun()
  const [ours] = (await ask(github, 'actions/runs'))['workflow_runs'] as Thing[]
  const theirs = recorded(/testStartupFailure.*_runs\.json$/).flatMap(([, body]) => body['workflow_runs'] as Thing[])[0]
  assert.ok(ours && theirs)

  for (const [key, value] of Object.entries(ours)) assert.equal(typeof value, typeof theirs[key], key)
  for (const key of ['id', 'run_attempt', 'path', 'event', 'status', 'conclusion', 'created_at', 'html_url'])
    assert.ok(key in ours && key in theirs, key)
  assert.match(String(theirs['created_at']), /^[\d-]+T[\d:]+Z$/)
  assert.match(String(ours['created_at']), /^[\d-]+T[\d:]+Z$/)
})

test('a workflow of the fake has exactly the keys of a recorded one', skipWithout(FOLDER), async () => {
  await using github = await aGithub()
  const [ours] = (await ask(github, 'actions/workflows'))['workflows'] as Thing[]
  const [theirs] = recorded(/_workflows_[\w-]+yml\.json$/).map(([, body]) => body)
  assert.ok(ours && theirs)

  assert.deepEqual(Object.keys(ours).sort(), Object.keys(theirs).sort())
  for (const [key, value] of Object.entries(ours)) assert.equal(typeof value, typeof theirs[key], key)
})

async function ask(github: { url: string; repository: string; token: string }, path: string): Promise<Thing> {
  const headers = { authorization: `token ${github.token}` }
  const response = await fetch(`${github.url}/repos/${github.repository}/${path}`, { headers })
  return (await response.json()) as Thing
}
