// Numbers and their units on one line.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { unbroken } from '../../dashboards/site/unbroken.ts'

test('a number keeps its unit beside it, and other words may part', () => {
  assert.equal(
    unbroken('<p>late by 3 h 23 m, 98.9 % of 7 days</p>'),
    '<p>late by 3\u00a0h 23\u00a0m, 98.9\u00a0% of 7 days</p>',
  )
  assert.equal(unbroken('<p>2 more, 5 minutes, 3 m-x</p>'), '<p>2 more, 5 minutes, 3 m-x</p>')
})

test('attributes, scripts, styles and logs stay as they are', () => {
  for (const html of [
    '<b title="3 h 2 m">x</b>',
    '<script>var a = 3 % 2</script>',
    '<style>p{margin:3 s}</style>',
    '<pre class="log">took 3 s</pre>',
  ])
    assert.equal(unbroken(html), html)
})

test('a page without its no-break spaces is the page as it was', () => {
  const html = '<!doctype html>\n<p>a <i>3</i> s <pre>1 s</pre> 4 kB</p><script src="a.js" defer></script>\n'
  assert.equal(unbroken(html).replaceAll('\u00a0', ' '), html)
})
