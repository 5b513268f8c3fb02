// What people type into flags and dispatch inputs: understood, or refused with what was expected.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  isDefault,
  paramHelp,
  paramNames,
  parseParams,
  toFlag,
  toParamName,
  type RawParams,
} from '../../src/core/params.ts'
import { helpOf, jobs } from '../../src/leagues/index.ts'
import { nflPredict } from '../../src/leagues/nfl/jobs.ts'
import { aJob } from '../helpers/builders.ts'

const job = aJob()
const DEFAULTS = { dryRun: false, force: false, cascade: false, size: 'small' }

test('nothing given means the defaults', () => {
  assert.deepEqual(parseParams(job, {}), DEFAULTS)
})

test('an input left empty was not given', () => {
  const empty = { environment: '', dryRun: '', force: undefined, size: '', day: '' }

  assert.deepEqual(parseParams(job, empty), DEFAULTS)
  assert.ok(isDefault(job, empty))
})

test('flags and dispatch inputs mean the same', () => {
  const byFlag = parseParams(job, { dryRun: true, force: false })
  const byInput = parseParams(job, { dryRun: 'true', force: 'false' })

  assert.deepEqual(byFlag, byInput)
})

const WRONG: [RawParams, RegExp][] = [
  [{ dryRun: 'maybe' }, /^--dry-run "maybe": expected true or false$/],
  [{ force: '1' }, /^--force "1": expected true or false$/],
  [{ cascade: 'TRUE' }, /^--cascade "TRUE": expected true or false$/],
  [{ environment: 'Prod!' }, /^--environment "Prod!": expected a name such as production or development$/],
  [{ environment: true }, /^--environment "true": expected a name such as/],
  [{ size: 'huge' }, /^--size "huge": expected small or large$/],
  [
    { weeek: '3' },
    /^--weeek is not a parameter of test\/one: expected --day, --size, --environment, --dry-run, --force, --cascade, --retry$/,
  ],
]

for (const [raw, sentence] of WRONG) {
  test(`${JSON.stringify(raw)} is refused with what was expected`, () => {
    assert.throws(() => parseParams(job, raw), { name: 'ConfigFailure', code: 'bad_parameter', message: sentence })
  })
}

test('all mistakes are told at once', () => {
  assert.throws(
    () => parseParams(job, { weeek: '3', force: 'x', size: 'y' }),
    (error: Error) => {
      assert.equal(error.message.split('; ').length, 3)
      return true
    },
  )
})

const NFL_WRONG: [RawParams, RegExp][] = [
  [{ season: '1998' }, /^--season "1998": expected the year in which a season begins, from 1999$/],
  [{ season: 'last' }, /^--season "last": expected the year/],
  [{ week: '0' }, /^--week "0": expected current, previous or a number from 1 to 22$/],
  [{ week: '23' }, /^--week "23": /],
  [{ week: 'next' }, /^--week "next": /],
  [{ week: '1.5' }, /^--week "1.5": /],
  [{ markets: 'moneyline,spread' }, /^--markets "moneyline,spread": expected a comma list of /],
]

for (const [raw, sentence] of NFL_WRONG) {
  test(`for the NFL ${JSON.stringify(raw)} is refused with what was expected`, () => {
    assert.throws(() => parseParams(nflPredict, raw), { name: 'ConfigFailure', message: sentence })
  })
}

const SAME_AS_SCHEDULED: [RawParams, boolean][] = [
  [{}, true],
  [{ environment: 'staging', force: true, cascade: 'true' }, true],
  [{ day: '2024-11-19' }, true],
  [{ size: 'small', dryRun: 'false' }, true],
  [{ size: 'large' }, false],
  [{ dryRun: true }, false],
]

for (const [raw, same] of SAME_AS_SCHEDULED) {
  test(`${JSON.stringify(raw)} ${same ? 'does' : 'does not do'} to a slot what the schedule does`, () => {
    assert.equal(isDefault(job, raw), same)
  })
}

test('a name is one thing as flag, input and parameter', () => {
  assert.equal(toFlag('dryRun'), 'dry-run')
  assert.equal(toParamName('dry-run'), 'dryRun')
  assert.equal(toParamName('dry_run'), 'dryRun')
})

test('every parameter of every job has a line of help', () => {
  for (const each of jobs)
    for (const name of paramNames(each)) assert.notEqual(paramHelp(name, helpOf(each.league)), '', `${each.id} ${name}`)
})
