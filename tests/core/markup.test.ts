import assert from 'node:assert/strict'
import { test } from 'node:test'

import { clip, clipEscaped, escapeMarkdown } from '../../src/core/markup.ts'

test('a text is cut to its limit with an ellipsis, and never through a character', () => {
  assert.equal(clip('twelve signs', 12), 'twelve signs')
  assert.equal(clip('thirteen sign', 12), 'thirteen si…')
  assert.equal(clip('ab😀cd', 4), 'ab…')
})

test('a text that grows by escaping is cut so that the escaped text fits whole', () => {
  const escape = (text: string) => text.replaceAll('&', '&amp;')

  assert.equal(clipEscaped('a & b', 9, escape), 'a &amp; b')
  assert.equal(clipEscaped('&&&&', 12, escape), '&amp;&amp;…')
  assert.equal(clipEscaped('&&&&', 0, escape), '')
})

test('Markdown of a text is only a text', () => {
  assert.equal(escapeMarkdown('*a*\n| @b <c> & `d`'), '&#42;a&#42; &#124; &#64;b &lt;c&gt; &amp; &#96;d&#96;')
})
