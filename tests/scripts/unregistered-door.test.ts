// The door of a job that nobody registered: nothing would ever be due for it, and it must not say that all is well.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { runTypeScript } from '../helpers/child.ts'

test('a door whose job is not registered ends with 2 and says what to add', async () => {
  await using child = runTypeScript(`
    import { door } from './scripts/door.ts'
    await door('nba/daily', ['--trigger', 'schedule'])
  `)

  const { code, stderr } = await child.ended()

  assert.equal(code, 2, stderr)
  assert.match(stderr, /nba\/daily is not registered.* add it to the list of its league, src\/leagues\/nba\/jobs\.ts/)
  assert.match(stderr, /Nothing was run/)
})
