// The environment, as one thing: what is refused by its name, and what an empty variable means.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseEnv } from '../../src/lib/env.ts'

test('an empty variable is not there, and blanks around a value are not part of it', () => {
  const env = parseEnv({
    SITE_URL: ' ',
    GITHUB_ACTOR: ' ann ',
    GITHUB_RUN_ATTEMPT: '3',
    LEAGUES: ' ["nfl"]',
    MATCHDAY_LOG: 'xml',
  })

  assert.deepEqual([env.SITE_URL, env.GITHUB_ACTOR, env.GITHUB_RUN_ATTEMPT], [undefined, 'ann', 3])
  assert.deepEqual([env.LEAGUES, env.MATCHDAY_LOG], [' ["nfl"]', 'text'])
})

test('every variable that cannot be read is named with what was expected, and without its value', () => {
  assert.throws(() => parseEnv({ MATCHDAY_NOW: 'tomorrow', SITE_BUILT_AT: 'then', GITHUB_RUN_ATTEMPT: 'x' }), {
    name: 'ConfigFailure',
    code: 'bad_environment',
    message:
      'the environment cannot be used: MATCHDAY_NOW: expected an instant such as 2026-11-22T08:07:00Z; SITE_BUILT_AT: expected an instant such as 2026-11-22T08:07:00Z',
  })
})
