// The switch that turns a league's jobs on and off.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ConfigFailure } from '../../src/core/errors.ts'
import { findLeagueSwitch, isSwitchedOn } from '../../src/schedule/league-switch.ts'

const NBA = findLeagueSwitch(`contains(fromJSON(vars.LEAGUES || '["nfl","fantasy"]'), 'nba')`)

test('a league is on when the variable names it', () => {
  assert.equal(isSwitchedOn(NBA, '["nba"]'), true)
  assert.equal(isSwitchedOn(NBA, '["nfl"]'), false)
})

test('without the variable the defaults in the workflow count', () => {
  assert.equal(isSwitchedOn(NBA, undefined), false)
  assert.equal(isSwitchedOn(NBA, ''), false)
  assert.equal(isSwitchedOn({ league: 'nfl', defaults: ['nfl'] }, ''), true)
})

test('a job without a switch is always on', () => {
  assert.equal(isSwitchedOn(undefined, '[]'), true)
})

test('a variable that is no JSON list is refused in a sentence', () => {
  assert.throws(() => isSwitchedOn(NBA, 'nfl,nba'), ConfigFailure)
  assert.throws(
    () => isSwitchedOn(NBA, '{"nba":true}'),
    /LEAGUES "\{"nba":true\}" is not a list: expected JSON such as/,
  )
})

test('conditions other than the switch are not mistaken for one', () => {
  assert.equal(findLeagueSwitch('always()'), undefined)
  assert.equal(findLeagueSwitch(`contains(fromJSON(vars.LEAGUES), 'nba')`), undefined)
  assert.equal(findLeagueSwitch(`contains(fromJSON(vars.LEAGUES || '[nfl]'), 'nba')`), undefined)
})
