// A database whose connection breaks over chosen statements: before they are sent, or after they were carried out, so that
// only the answer is lost.

import type { Sql } from '../../src/lib/db.ts'

export type Breaks = 'before' | 'after' | undefined

type AnyFunction = (...args: unknown[]) => unknown

/** The database, but that what `breaks` names fails with this code. A transaction counts as one statement: `begin`. */
export function flaky(sql: Sql, breaks: (statement: string) => Breaks, code = 'ECONNRESET'): Sql {
  const through = async (how: Breaks, send: () => unknown): Promise<unknown> => {
    if (how === undefined) return await send()
    if (how === 'after') await send()
    throw Object.assign(new Error('the connection broke'), { code })
  }
  return new Proxy(sql, {
    apply(target, self, args: unknown[]) {
      const made = Reflect.apply(target as unknown as AnyFunction, self, args) as object
      return isTemplate(args[0]) ? breakWhenSent(made, args[0].join('?'), { breaks, through }) : made
    },
    get(target, key) {
      const value = Reflect.get(target, key) as unknown
      return key === 'begin'
        ? (...args: unknown[]) => through(breaks('begin'), () => Reflect.apply(value as AnyFunction, target, args))
        : value
    },
  })
}

/** A statement is sent when it is awaited, and never where it is a part of another. */
function breakWhenSent(
  made: object,
  text: string,
  by: { breaks: (statement: string) => Breaks; through: (how: Breaks, send: () => unknown) => Promise<unknown> },
): object {
  const query = made as Promise<unknown>
  const ask = query.then.bind(query) as (resolve: AnyFunction, reject: AnyFunction) => unknown
  let sent: Promise<unknown> | undefined
  const then: Promise<unknown>['then'] = (resolved, rejected) => {
    sent ??= by.through(by.breaks(text), () => new Promise((resolve, reject) => void ask(resolve, reject)))
    return sent.then(resolved, rejected)
  }
  return Object.assign(query, { then })
}

function isTemplate(value: unknown): value is TemplateStringsArray {
  return Array.isArray(value) && 'raw' in value
}
