// Hostile text that is printed: no command of the runner, no escape sequence, and in JSON nothing lost.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { harmless, harmlessJson } from '../../src/lib/harmless.ts'
import { commandsIn, looksLikeCommand } from '../helpers/runner-commands.ts'

const PIECES = ['##[', '#', '[', ']', '::', ':', '\r', '\n', '\r\n', ' ', '\t', '\u0085', '\u2028', '\u2029', '\u00a0', '\u200d', '\u200b', '\ufeff', '\u001b', '\u001b[2J', '\u009b', '\u202e', '\u2066', '\u00ad', '\u{e0041}', '\u0000', '%0A', 'set-env name=PATH', 'add-mask', 'stop-commands', 'error', 'group', '"', '\\', '🏈', '\ud83c'] // prettier-ignore
const hostile = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary' })), { maxLength: 12 }).map((parts) => parts.join('')) // prettier-ignore
const OBEYED = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u

test('the runner finds no command in what was made harmless, and a terminal nothing to obey', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const shown = harmless(text)
      assert.deepEqual(commandsIn(shown), [])
      assert.equal(looksLikeCommand(shown), false)
      assert.doesNotMatch(shown.replaceAll(/[\n\t]/g, ''), OBEYED)
      assert.equal(harmless(shown), shown)
    }),
    { numRuns: 5_000 },
  )
})

test('JSON that was made harmless says what it said, and is changed no further by the rule for lines', () => {
  fc.assert(
    fc.property(fc.jsonValue(), hostile, fc.constantFrom(undefined, 2), (value, text, indent) => {
      const given = { [text]: [text, value, { text }] }
      const shown = harmlessJson(JSON.stringify(given, null, indent))
      assert.deepEqual(JSON.parse(shown), JSON.parse(JSON.stringify(given)))
      assert.equal(harmless(shown), shown)
      assert.deepEqual(commandsIn(shown), [])
    }),
    { numRuns: 3_000 },
  )
})

test('what was written stays readable', () => {
  assert.equal(harmless('a ##[set-env name=X]y'), 'a # #[set-env name=X]y')
  assert.equal(harmless('  ::error::x\n::group::'), '  : :error::x\n: :group::')
  assert.equal(harmless('std::vector and C++: a::b'), 'std::vector and C++: a::b')
  assert.equal(harmless('\u001b[31mred\u001b[0m'), '␛[31mred␛[0m')
  assert.equal(harmless('one\rtwo\r\nthree'), 'one␍two\nthree')
  assert.equal(harmless('Pelé 👩‍👩‍👧 ## [link] #12'), 'Pelé 👩‍👩‍👧 ## [link] #12')
  assert.equal(harmless('user\u202etxt.exe'), 'user<U+202E>txt.exe')
})

test('the rule of the runner, as it is told here, takes what the runner takes', () => {
  const commands = (text: string) => commandsIn(text).map(({ command }) => command)

  assert.deepEqual(commands('games: ##[set-env name=A]b'), ['set-env'])
  assert.deepEqual(commands('\u00a0 ::ADD-MASK::x'), ['add-mask'])
  assert.deepEqual(commands('x\r::stop-commands::y'), ['stop-commands'])
  assert.deepEqual(commands('x ::error::y\n::nothing::z\n##[nothing]'), [])
})
