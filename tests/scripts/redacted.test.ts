// What is hidden of a view's texts, and what stays.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { redacted } from '../../scripts/dashboard/redacted.ts'

const RANDOM = ['q7Zp2Xv9', 'Lk4Tn8Rb3Yw6'].join('')
const HASH = ['9f86d081884c7d65', '9a2feaa0c55ad015a3bf4f1b'].join('')

test('a random value is hidden where a text or its field gives it a secret name, however deep', () => {
  const view = { runs: new Map([['a', [{ why: `it said token=${RANDOM}, twice: Bearer ${RANDOM}`, notes: { api_key: RANDOM } }]]]) } // prettier-ignore

  const { view: shown, replaced } = redacted(view)

  assert.deepEqual(shown, { runs: new Map([['a', [{ why: 'it said token=***, twice: Bearer ***', notes: { api_key: '***' } }]]]) }) // prettier-ignore
  assert.equal(replaced, 3)
})

test('ids, commits, addresses, times and the names of variables stay', () => {
  const view = {
    id: '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0',
    commit: HASH,
    etag: `"${HASH}"`,
    startedAt: new Date(0),
    message: `run ${HASH} of https://github.com/o/r/actions/runs/12345678901234567: token=GITHUB_TOKEN is not set`,
  }

  assert.deepEqual(redacted(view), { view, replaced: 0 })
})
