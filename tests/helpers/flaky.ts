// A database whose connection breaks over chosen statements: before they are sent, or after they were carried out, so that
// only the answer is lost.

import type { Sql } from '../../src/lib/db.ts'

export type Breaks = 'before' | 'after' | undefined

type AnyFunction = (...args: never[]) => Promise<unknown>

/** The database, but that what `breaks` names fails with this code. A transaction counts as one statement: `begin`. */
export function flaky(sql: Sql, breaks: (statement: string) => Breaks, code = 'ECONNRESET'): Sql {
  const lost = () => Object.assign(new Error('the connection broke'), { code })
  const through = async (how: Breaks, send: () => Promise<unknown>): Promise<unknown> => {
    if (how === 'before') throw lost()
    await send()
    throw lost()
  }
  return new Proxy(sql, {
    apply(target, self, args: unknown[]) {
      const send = () => Reflect.apply(target as unknown as AnyFunction, self, args)
      if (!isTemplate(args[0])) return send()
      const how = breaks(args[0].join('?'))
      return how === undefined ? send() : through(how, send)
    },
    get(target, key) {
      const value = Reflect.get(target, key) as unknown
      if (key !== 'begin') return value
      return (...args: unknown[]) => {
        const send = () => Reflect.apply(value as AnyFunction, target, args)
        const how = breaks('begin')
        return how === undefined ? send() : through(how, send)
      }
    },
  })
}

function isTemplate(value: unknown): value is TemplateStringsArray {
  return Array.isArray(value) && 'raw' in value
}
