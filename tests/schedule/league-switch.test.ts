// The switch that turns a league's jobs on and off: read as GitHub reads it, and what becomes of a mistake in it.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { findLeagueSwitch, readLeagues, readSwitch, type SwitchState } from '../../src/schedule/league-switch.ts'
import { evaluate } from '../helpers/expressions.ts'

/** As its workflows write it: the NBA is off where the variable is not set. */
const form = (league: string) =>
  `contains(fromJSON(vars.LEAGUES || '${league === 'nba' ? '[]' : `["${league}"]`}'), '${league}')`
const NBA = findLeagueSwitch(form('nba'))
const OURS = ['nfl', 'fantasy', 'nba'].map((league) => findLeagueSwitch(form(league)))

/** What GitHub's own evaluator makes of the switch. */
function asGithub(league: string, variable: string | undefined): SwitchState {
  try {
    const vars = variable === undefined ? {} : { LEAGUES: variable }
    return evaluate(form(league), { vars }) === 'true' ? 'on' : 'off'
  } catch {
    return 'unreadable' // GitHub ends the run with an error
  }
}

const TABLE: readonly [variable: string | undefined, on: SwitchState][] = [
  ['["nba"]', 'on'],
  ['["nfl"]', 'off'],
  ['["NBA"]', 'on'],
  ['[" nba"]', 'off'],
  ['"nba"', 'on'],
  ['"xNBAx"', 'on'],
  ['"nfl,nba"', 'on'],
  ['[["nba"]]', 'off'],
  ['{"nba":true}', 'off'],
  ['[]', 'off'],
  ['null', 'off'],
  ['nfl,nba', 'unreadable'],
  ['[nba]', 'unreadable'],
  ["['nba']", 'unreadable'],
  ['["nba",]', 'unreadable'],
  [' ', 'unreadable'],
  ['  ["nba"]\n', 'on'],
  ['', 'off'],
  [undefined, 'off'],
]

for (const [variable, state] of TABLE) {
  test(`LEAGUES ${JSON.stringify(variable)} is ${state} for nba, here and on GitHub`, () => {
    assert.equal(asGithub('nba', variable), state)
    assert.equal(readSwitch(NBA, variable), state)
  })
}

test('every value of the variable is read as GitHub reads it', () => {
  const name = fc.constantFrom('nfl', 'NFL', 'Nfl', 'nba', ' nfl', 'ınfl', 'ſ', 's', '', 'fantasy')
  const item = fc.oneof(name, fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(name, { maxLength: 2 })) // prettier-ignore
  const json = fc.oneof(fc.array(item), item, fc.double(), fc.jsonValue(), fc.dictionary(name, fc.boolean())).map((one) => JSON.stringify(one)) // prettier-ignore
  const spaced = fc.tuple(fc.constantFrom('', ' ', '\n', ' '), json).map(([space, text]) => space + text + space)
  const variable = fc.oneof(json, spaced, fc.string(), fc.constant(undefined))
  const league = fc.oneof(fc.constantFrom('nfl', 'nba', 'fantasy', 's', 'e', 'infinity', 'true', 'null'), fc.stringMatching(/^[a-z]{1,4}$/)) // prettier-ignore

  fc.assert(
    fc.property(league, variable, (one, text) => {
      assert.equal(readSwitch(findLeagueSwitch(form(one)), text), asGithub(one, text))
    }),
    { numRuns: 2000 },
  )
})

test('numbers become text as on GitHub', () => {
  for (const text of ['1e21', '1e999', '-0', '1e-7', '123456789.123456789'])
    for (const league of ['e', 'infinity', 'in', 'n'])
      assert.equal(readSwitch(findLeagueSwitch(form(league)), text), asGithub(league, text))
})

test('a job without a switch is always on', () => {
  assert.equal(readSwitch(undefined, '[]'), 'on')
})

test('leagues that are not named are off, in whatever case the others are written', () => {
  assert.deepEqual(readLeagues(OURS, '["NFL"]').off, ['fantasy', 'nba'])
  assert.equal(readLeagues(OURS, '["NFL"]').problem, undefined)
  assert.deepEqual(readLeagues(OURS, '"nfl, nba"').off, ['fantasy'])
  assert.deepEqual(readLeagues(OURS, '[]').off, ['fantasy', 'nba', 'nfl'])
  assert.deepEqual(readLeagues(OURS, undefined).off, ['nba'])
})

const PROBLEMS: readonly [variable: string, problem: RegExp][] = [
  [
    'nfl',
    /^LEAGUES is nfl, which GitHub cannot read as JSON, so that every run fails; expected JSON such as \["fantasy"/,
  ],
  [' ', /^LEAGUES is blank, which GitHub cannot read as JSON/],
  [
    '["nfl","nhl"]',
    /^LEAGUES is .+, and "nhl" is no league of this repository \(fantasy, nba, nfl\), so that GitHub skips/,
  ],
  ['[" nfl"]', /, and " nfl" is no league/],
  ['[5]', /, and "5" is no league/],
  ['"xnflx"', /, and "xnflx" is no league/],
  ['{"nfl":true}', /^LEAGUES is \{"nfl":true\}, which is no list, so that GitHub skips every league/],
  ['null', /^LEAGUES is null, which is no list/],
  ['""', /^LEAGUES is "", which is no list/],
]

for (const [variable, problem] of PROBLEMS) {
  test(`LEAGUES ${JSON.stringify(variable)} is a mistake, and no league counts as switched off`, () => {
    const reading = readLeagues(OURS, variable)

    assert.match(reading.problem ?? '', problem)
    assert.deepEqual(reading.off, [])
  })
}

test('a variable as long as GitHub allows is told in part, in one line', () => {
  const { problem = '' } = readLeagues(OURS, `["${'x\n'.repeat(20_000)}`)

  assert.ok(problem.length < 400)
  assert.doesNotMatch(problem, /\n/)
})

test('conditions other than the switch are not mistaken for one', () => {
  assert.equal(findLeagueSwitch('always()'), undefined)
  assert.equal(findLeagueSwitch(`contains(fromJSON(vars.LEAGUES), 'nba')`), undefined)
  assert.equal(findLeagueSwitch(`contains(fromJSON(vars.LEAGUES || '[nfl]'), 'nba')`), undefined)
})
