// What the schedule is held to, in plain words.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { h } from 'preact'
import { render } from 'preact-render-to-string'

import { Objectives } from '../../dashboards/site/pages/overview/objectives.tsx'
import type { Objective } from '../../src/views/overview/objectives.ts'

function textOf(wish: Partial<Objective>): string {
  const objective = { of: 'slots', all: 2231, good: 2207, wanted: 0.995, allowed: 11, ...wish } as const
  return render(h(Objectives, { objectives: [objective] })).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ') // prettier-ignore
}

test('an objective that is not kept says how many fell short, how many may, and the parts of its bar', () => {
  assert.match(textOf({}), /not kept 98\.9 % , 99\.5 % wanted 24 of 2,231 not served in time; 11 are allowed/)
  assert.match(textOf({}), /11 allowed 13 beyond/)
})

test('one that is kept says what is used and what is left, and one of few that none may fall short yet', () => {
  assert.match(textOf({ good: 2228 }), /kept 99\.9 % .*3 of 2,231 .*3 used 8 left/)
  assert.match(textOf({ all: 9, good: 9, allowed: 0 }), /none of 9 not served in time; too few yet to allow for one/)
  assert.match(textOf({ all: 0, good: 0, allowed: 0 }), /no slot has ended yet/)
})
