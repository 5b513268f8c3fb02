// Readers of calendars and XML that refuse whatever the formats do not allow, for tests of what we write.

import assert from 'node:assert/strict'

interface Property {
  readonly name: string
  readonly value: string
}

/** Content lines, unfolded. Throws on what is none. */
export function readCalendar(text: string): Property[] {
  const lines = text.replaceAll('\r\n ', '').split('\r\n').slice(0, -1)
  return lines.map((line) => {
    const found = /^([A-Z-]+)(?:;[A-Z-]+=[^:;,"]+)*:(.*)$/u.exec(line)
    assert.ok(found, `no content line: ${line}`)
    return { name: found[1] ?? '', value: found[2] ?? '' }
  })
}

export interface Xml {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Xml[]
  text: string
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }

/** One element with all that is in it. Strict: every tag closed in its order, attributes in double quotes, nothing but the
 *  four entities, no character that XML does not have. */
export function readXml(text: string): Xml {
  assert.doesNotMatch(text, /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/)
  const root: Xml = { name: '', attributes: {}, children: [], text: '' }
  const stack = [root]
  const body = text.replace(/^<\?xml version="1\.0" encoding="utf-8"\?>\n/, '')
  for (const [token] of body.matchAll(/<[^>]*>|[^<]+/g)) {
    const top = stack.at(-1)!
    if (!token.startsWith('<')) top.text += decode(token)
    else if (token.startsWith('</')) assert.equal(stack.pop()?.name, token.slice(2, -1))
    else {
      const tag = /^<([a-z]+)((?:\s[\w:-]+="[^"<]*")*)(\/?)>$/i.exec(token)
      assert.ok(tag, `no tag: ${token}`)
      const attributes = Object.fromEntries([...(tag[2] ?? '').matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, decode(value)])) // prettier-ignore
      const element: Xml = { name: tag[1] ?? '', attributes, children: [], text: '' }
      top.children.push(element)
      if (tag[3] === '') stack.push(element)
    }
  }
  assert.equal(stack.length, 1, 'an element is not closed')
  assert.equal(root.children.length, 1)
  return root.children[0]!
}

function decode(text: string): string {
  return text.replaceAll(/&(\w*);?/g, (whole, name: string) => {
    assert.ok(name in ENTITIES && whole.endsWith(';'), `no entity: ${whole}`)
    return ENTITIES[name] ?? ''
  })
}
