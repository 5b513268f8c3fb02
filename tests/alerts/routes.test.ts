import assert from 'node:assert/strict'
import { test } from 'node:test'

import { channelsFor, DEFAULT_ROUTES, healthOf, parseRoutes, severityOf } from '../../src/alerts/routes.ts'
import { ConfigFailure } from '../../src/core/errors.ts'
import type { Health } from '../../src/ledger/deliveries.ts'

const ALL = ['github-issue', 'slack', 'email']

function told(
  routes: string | undefined,
  flip: { subject?: string; cause?: string; healths?: Health[] } = {},
): string[] {
  return channelsFor({ subject: 'nfl/bronze', cause: 'overdue', healths: ['well', 'warning'], ...flip }, ALL, parseRoutes(routes)) // prettier-ignore
}

function problemsOf(routes: string): string {
  try {
    parseRoutes(routes)
  } catch (error) {
    assert.ok(error instanceof ConfigFailure)
    return error.message
  }
  return assert.fail('it was taken')
}

test('unless told otherwise all channels hear of warnings and critical trouble, and issues of information too', () => {
  assert.deepEqual(told(undefined), ALL)
  assert.deepEqual(told('', { healths: ['well', 'critical'] }), ALL)
  assert.deepEqual(told('  ', { healths: ['well', 'info'] }), ['github-issue'])
  assert.equal(parseRoutes(undefined), DEFAULT_ROUTES)
})

test('who heard of trouble hears that it is over, however little it was at the end', () => {
  const onlyCritical = '{"channels":{"slack":{"minimum":"critical"}}}'

  assert.deepEqual(told(onlyCritical, { healths: ['well', 'warning', 'well'] }), ['github-issue', 'email'])
  assert.deepEqual(told(onlyCritical, { healths: ['well', 'critical', 'warning', 'well'] }), ALL)
})

test('a channel may leave out causes, and hear of some subjects only', () => {
  const routes = '{"channels":{"slack":{"except":["overdue"]},"email":{"subjects":["nfl/*","source:*"]}}}'

  assert.deepEqual(told(routes), ['github-issue', 'email'])
  assert.deepEqual(told(routes, { cause: 'missed', subject: 'nba/daily' }), ['github-issue', 'slack'])
  assert.deepEqual(told(routes, { cause: 'missed', subject: 'source:nflverse' }), ALL)
})

test('a pattern of subjects takes every sign but the star as it is', () => {
  const only = (pattern: string, subject: string) =>
    told(JSON.stringify({ channels: { slack: { subjects: [pattern] } } }), { subject }).includes('slack')

  assert.deepEqual(
    [only('nfl/b*ze', 'nfl/bronze'), only('nfl/bronze', 'nfl/bronze'), only('*', 'x')],
    [true, true, true],
  )
  assert.deepEqual([only('nfl.bronze', 'nfl/bronze'), only('nfl', 'nfl/bronze'), only('[a-z]*', 'nfl')], [false, false, false]) // prettier-ignore
})

test('a cause is as grave as the routes say, for every channel, and well stays well', () => {
  const routes = parseRoutes('{"severities":{"overdue":"info"}}')

  assert.deepEqual(
    [severityOf(routes, 'overdue', 'critical'), severityOf(routes, 'missed', 'critical')],
    ['info', 'critical'],
  )
  assert.equal(healthOf(routes, 'overdue', 'well'), 'well')
  assert.deepEqual(told('{"severities":{"overdue":"info"}}', { healths: ['well', 'critical'] }), ['github-issue'])
})

test('every problem of the routes is told with its place', () => {
  const problems = problemsOf(
    '{"channels":{"slak":{},"email":{"minimum":"high","subjects":[]}},"severities":{"late":"info"},"more":1}',
  )

  for (const part of ['ALERT_ROUTES', 'slak', 'channels.email.minimum', 'channels.email.subjects', 'late', 'more'])
    assert.ok(problems.includes(part), `"${part}" is not in ${problems}`)
  assert.match(problemsOf('{'), /it is no JSON/)
  assert.match(problemsOf('[]'), /the whole/)
})
