// What is final is listed: everything that carries a code of a system, a network, a driver or a pooler may be temporary.

import assert from 'node:assert/strict'
import { AssertionError } from 'node:assert'
import { test } from 'node:test'

import fc from 'fast-check'

import {
  ConfigFailure,
  DataFailure,
  JobFailure,
  LedgerFailure,
  SourceFailure,
  toErrorRecord,
} from '../../src/core/errors.ts'
import { isFinalCode, isFinalStatus, mayPass } from '../../src/core/finality.ts'

const coded = (code: string, error: Error = new Error('no')) => Object.assign(error, { code })
const because = (cause: unknown, error: Error = new Error('no')) => Object.assign(error, { cause })
const named = (name: string) => Object.assign(new Error('no'), { name })

const FINAL: readonly [what: string, thrown: unknown][] = [
  ['a plain error', new Error('no')],
  ['a TypeError', new TypeError('x is not a function')],
  ['a RangeError', new RangeError('no')],
  ['a ReferenceError', new ReferenceError('no')],
  ['a SyntaxError', new SyntaxError('no')],
  ['an assertion', new AssertionError({ message: 'no' })],
  ['what Node refuses of our arguments', coded('ERR_INVALID_ARG_TYPE', new TypeError('no'))],
  ['a value that the server refuses', coded('22003')],
  ['a row that breaks a rule', coded('23505')],
  ['a wrong statement', coded('42703')],
  ['a call that the driver refuses', coded('UNDEFINED_VALUE')],
  ['a text', 'no'],
  ['nothing', undefined],
  ['broken data', new DataFailure('no')],
  ['a plain error because of another', because(new Error('no'))],
  ['several errors of ours', new AggregateError([new TypeError('no'), new Error('no')])],
]

for (const [what, thrown] of FINAL) {
  test(`${what} is final`, () => {
    assert.equal(mayPass(thrown), false)
    assert.equal(toErrorRecord(thrown).retryable, false)
  })
}

const SQL_STATES =
  '57014 25006 55P03 53000 53200 53400 57P05 25P03 25P04 58000 58030 XX000 40003 26000 42P05 0A000 42501 28P01 28000 3D000 08006 40P01'
const SYSTEM =
  'EHOSTDOWN ECONNABORTED ECONNRESET EPIPE ENOENT EMFILE UND_ERR_SOCKET CONNECTION_ENDED CONNECT_TIMEOUT Z_DATA_ERROR HPE_INVALID_CONSTANT ERR_STREAM_PREMATURE_CLOSE NOBODY_KNOWS'
const PASSING: readonly [what: string, thrown: unknown][] = [
  ...`${SQL_STATES} ${SYSTEM}`.split(' ').map((code): [string, unknown] => [code, coded(code)]),
  ['a failed fetch', because(coded('UND_ERR_CONNECT_TIMEOUT'), new TypeError('fetch failed'))],
  ['a failed fetch of both addresses', because(new AggregateError([coded('ECONNREFUSED')]), new TypeError('fetch failed'))], // prettier-ignore
  ['one of several', new AggregateError([new TypeError('no'), coded('ECONNRESET')])],
  ['a cause of a cause', because(because(coded('EAI_AGAIN')))],
  ['a number of the system', Object.assign(new Error('no'), { errno: -104 })],
  ['a call of the system', Object.assign(new Error('no'), { syscall: 'connect' })],
  ['a limit of time', named('TimeoutError')],
  ['a provider that says nothing about it', new SourceFailure('no')],
  ['a database', new LedgerFailure('no')],
  ['a failure of ours because of the network', new JobFailure('no', { cause: coded('ECONNRESET') })],
  ['a failure that may be temporary, wrapped', because(new SourceFailure('no'))],
  ['an object that is no error', { code: 'ECONNRESET' }],
]

for (const [what, thrown] of PASSING) {
  test(`${what} may be temporary`, () => {
    assert.equal(mayPass(thrown), true)
    if (thrown instanceof Error) assert.equal(toErrorRecord(thrown).retryable, true)
  })
}

test('what a failure of ours says of itself counts, whatever caused it', () => {
  const cause = coded('ECONNRESET')

  assert.equal(mayPass(new DataFailure('no', { cause, retryable: false })), false)
  assert.equal(mayPass(new ConfigFailure('no', { cause: new TypeError('no'), retryable: true })), true)
})

test('an error that is its own cause has an answer', () => {
  const round: Error & { cause?: unknown } = new Error('no')
  round.cause = because(round)

  assert.equal(mayPass(round), false)
})

test('each mistake of a program with a code of Node’s is final, whatever its name', () => {
  const names = ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'EvalError', 'URIError', 'AssertionError']

  for (const name of names) assert.equal(mayPass(coded('ERR_ANY', named(name))), false, name)
  for (const name of names) assert.equal(mayPass(coded('EANY', named(name))), true, `${name} of the system`)
})

test('an aborted wait, and one with an empty code, may be temporary', () => {
  assert.equal(mayPass(named('AbortError')), true)
  assert.equal(mayPass(coded('', named('TimeoutError'))), true)
  assert.equal(mayPass(coded('')), false)
  assert.equal(mayPass(null), false)
})

test('each call that the driver refuses is final, and a code that only contains one of a class is not', () => {
  const refused = ['UNDEFINED_VALUE', 'NOT_TAGGED_CALL', 'MAX_PARAMETERS_EXCEEDED', 'UNSAFE_TRANSACTION']

  assert.deepEqual(refused.filter(isFinalCode), refused)
  assert.deepEqual(['E22003', '220031', '2200', 'x23505', '42703x'].filter(isFinalCode), [])
})

test('of all codes only those of the list are final, wherever in a chain of causes they stand', () => {
  const anyCode = fc.oneof(
    fc.stringMatching(/^[0-9A-Z]{5}$/),
    fc.stringMatching(/^(22|23|42)[0-9A-Z]{3}$/),
    fc.stringMatching(/^E[A-Z]{3,12}$/),
    fc.constantFrom('42P05', '42501', 'UNDEFINED_VALUE', 'DEADLINE', 'TLS_REFUSED'),
  )
  fc.assert(
    fc.property(anyCode, fc.nat({ max: 4 }), fc.boolean(), (code, depth, grouped) => {
      let thrown: unknown = coded(code)
      for (let i = 0; i < depth; i += 1)
        thrown = grouped ? new AggregateError([new Error('no'), thrown]) : because(thrown)

      assert.equal(mayPass(thrown), !isFinalCode(code))
    }),
  )
})

test('a status is final only if it refuses what was asked for', () => {
  const statuses = Array.from({ length: 500 }, (_, i) => 100 + i).filter(isFinalStatus)

  assert.deepEqual(statuses, [400, 405, 406, 410, 411, 413, 414, 415, 416, 417, 422, 431])
})
