// A row of the ledger may be of any length, a page may not.

import { clip } from '../core/markup.ts'

/** The same value with every text in it, names of fields too, cut to `most` UTF-16 units. What is neither a list, a map nor a
 *  plain object stays as it is. */
export function clipped<Value>(value: Value, most: number): Value {
  return cut(value, most) as Value
}

function cut(value: unknown, most: number): unknown {
  if (typeof value === 'string') return clip(value, most)
  if (Array.isArray(value)) return value.map((one) => cut(one, most))
  if (value instanceof Map) return new Map([...value].map((entry) => cut(entry, most) as [unknown, unknown]))
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [clip(name, most), cut(one, most)]))
}
