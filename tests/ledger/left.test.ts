// What jobs and sources leave behind that the code no longer has.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { noteSources } from '../../src/ledger/breakers.ts'
import { listOpenLetters } from '../../src/ledger/dead-letters.ts'
import { insertDeadLetters } from '../../src/ledger/details.ts'
import { closeWhatLeft } from '../../src/ledger/left.ts'
import { insertRequest, listOutstanding } from '../../src/ledger/requests.ts'
import { aRun, at } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'

const { sql } = await aDatabaseForThisFile()
const now = at('20 08:00')

async function leave(job: string, source: string): Promise<void> {
  const item = { kind: 'game', key: 'g1', code: 'no_score', message: 'no score' }
  await insertRequest(sql, { job, kind: 'manual', reason: 'somebody asked', parameters: {}, at: at('20 07:00') })
  await sql.begin((tx) => insertDeadLetters(tx, { id: aRun().id, job, at: at('20 07:00') }, [item]))
  await noteSources(sql, { failed: new Map([[source, 'answered 500']]), answered: [], at: at('20 07:00') })
  await sql`
    insert into ledger.overrides (job, kind, reason, actor, created_at, expires_at)
    values (${job}, 'pause', 'a quiet day', 'ann', ${at('20 07:00')}, ${at('21 07:00')})
  `
}

async function open(): Promise<string[][]> {
  const overrides = await sql<{ job: string }[]>`select job from ledger.overrides where ended_at is null order by job`
  const breakers = await sql<{ source: string }[]>`select source from ledger.breakers order by source`
  return [
    (await listOutstanding(sql)).map(({ job }) => job),
    (await listOpenLetters(sql, { job: undefined, limit: 9 })).map(({ job }) => job),
    overrides.map(({ job }) => job),
    breakers.map(({ source }) => source),
  ]
}

test('what waits for a person or a run of a job that has left is closed, and that of all others stays', async () => {
  await leave('here/load', 'here-api')
  await leave('gone/load', 'gone-api')
  await sql`
    insert into ledger.overrides (job, kind, reason, actor, created_at, expires_at)
    values ('*', 'pause', 'a move', 'ann', ${at('20 07:00')}, ${at('21 07:00')})
  `
  const registered = { jobs: ['here/load'], sources: ['here-api'] }

  const left = await closeWhatLeft(sql, registered, { by: 'ops-setup', at: now })

  assert.deepEqual(left, { requests: 1, letters: 1, overrides: 1, breakers: 1 })
  assert.deepEqual(await open(), [['here/load'], ['here/load'], ['*', 'here/load'], ['here-api']])
  const again = await closeWhatLeft(sql, registered, { by: 'ops-setup', at: now })
  assert.deepEqual(again, { requests: 0, letters: 0, overrides: 0, breakers: 0 })
})
