// What leagues declare of their sources, filled from the environment; and a key of theirs is hidden like our own secrets.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readSourceUrls } from '../../src/app/sources.ts'
import { parseEnv } from '../../src/lib/env.ts'
import { createSecretRedactor, isSecretName } from '../../src/lib/secrets.ts'

test('an address that is set is given by the name of its source, and one that is empty is not', () => {
  const env = parseEnv({ NFLVERSE_URL: ' games.csv ', NFLVERSE_DATA_URL: '', NFL_COM_PROJECTIONS_URL: undefined })

  assert.deepEqual(readSourceUrls(env), { nflverse: 'games.csv', 'nflverse-data': undefined, 'nfl-com': undefined })
})

test('variables that the schema does not know are given, and those that it knows are not given twice', () => {
  const { given } = parseEnv({ ODDS_API_KEY: 'a-key-of-ours', DATABASE_URL: 'postgres://db.league.example/prod' })

  assert.deepEqual(given, { ODDS_API_KEY: 'a-key-of-ours' })
})

test('a variable that is named like a key is hidden by what hides our own secrets', () => {
  const { given } = parseEnv({ ODDS_API_KEY: 'a-key-of-ours', PATH: '/usr/bin' })
  const redact = createSecretRedactor(given)

  assert.equal(redact('GET /odds?apiKey=a-key-of-ours from /usr/bin'), 'GET /odds?apiKey=*** from /usr/bin')
  assert.deepEqual(['ODDS_API_KEY', 'TAB_TOKEN', 'NFLVERSE_URL'].map(isSecretName), [true, true, false])
})
