// All texts of a view, each changed in the same way.

/** The same value with every text in it changed, names of fields too; the change is told of which field a text is. What is
 *  neither a list, a map nor a plain object stays as it is. */
export function mapTexts<Value>(value: Value, change: (text: string, field?: string) => string): Value {
  return map(value, change, undefined) as Value
}

function map(value: unknown, change: (text: string, field?: string) => string, field: string | undefined): unknown {
  if (typeof value === 'string') return change(value, field)
  if (Array.isArray(value)) return value.map((one) => map(one, change, field))
  if (value instanceof Map)
    return new Map([...value].map((entry) => map(entry, change, undefined) as [unknown, unknown]))
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [change(name), map(one, change, name)]))
}
