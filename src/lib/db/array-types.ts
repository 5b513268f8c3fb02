// PostgreSQL's own array types for the driver, which would otherwise ask each server for them with a query of its own at the
// start of each connection.

import postgres from 'postgres'

// Of pg_type: the type, its array. What our statements do not use is there for those to come.
const ARRAYS: Readonly<Record<number, number>> = {
  16: 1000, // bool
  17: 1001, // bytea
  18: 1002, // "char"
  19: 1003, // name
  20: 1016, // int8
  21: 1005, // int2
  23: 1007, // int4
  25: 1009, // text
  26: 1028, // oid
  114: 199, // json
  700: 1021, // float4
  701: 1022, // float8
  869: 1041, // inet
  1042: 1014, // bpchar
  1043: 1015, // varchar
  1082: 1182, // date
  1083: 1183, // time
  1114: 1115, // timestamp
  1184: 1185, // timestamptz
  1186: 1187, // interval
  1700: 1231, // numeric
  2950: 2951, // uuid
  3802: 3807, // jsonb
}

/** The driver's `types` option. */
export function arrayTypes(): Record<string, postgres.PostgresType> {
  const { parsers, serializers } = postgres().options
  const types = Object.entries(ARRAYS).map(([element, array]): [string, postgres.PostgresType] => {
    const [parse, serialize] = [parsers[Number(element)], serializers[Number(element)]]
    return [
      `array_${element}`,
      {
        to: array,
        from: [array],
        serialize: (values: unknown) => serializeArray(values, serialize ?? String),
        parse: (text: unknown) => parseArray(String(text), parse ?? String),
      },
    ]
  })
  return Object.fromEntries(types)
}

/** The array type for a list of these values; 0 leaves it to the server, as for an empty list. */
export function arrayTypeOf(values: readonly unknown[], elementType?: number): number {
  const type = elementType ?? inferType(values[0])
  if (type === 0) return 0
  const array = ARRAYS[type]
  if (array === undefined) throw new RangeError(`there is no array type for the type ${type}`)
  return array
}

function inferType(value: unknown): number {
  if (value === undefined) return 0
  if (Array.isArray(value)) return inferType(value[0])
  if (value instanceof Date) return 1184
  if (value instanceof Uint8Array) return 17
  if (typeof value === 'boolean') return 16
  return typeof value === 'bigint' ? 20 : 25
}

function serializeArray(values: unknown, serialize: (value: unknown) => unknown): string {
  if (!Array.isArray(values)) return String(values) // written by the caller as '{...}'
  const parts = values.map((value: unknown) => {
    if (value === null) return 'null'
    if (value === undefined) throw new TypeError('a list for the database holds undefined: expected a value or null')
    return Array.isArray(value) ? serializeArray(value, serialize) : quote(String(serialize(value)))
  })
  return `{${parts.join(',')}}`
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

// A brace, a comma, a quoted value or a bare one.
const TOKENS = /[{},]|"((?:[^"\\]|\\.)*)"|([^{},"]+)/gsy

function parseArray(text: string, parse: (text: string) => unknown): unknown {
  const levels: unknown[][] = [[]]
  // Bounds such as [0:2]= stand before an array that does not begin at 1.
  for (const [token, quoted, bare] of text.slice(text.indexOf('{')).matchAll(TOKENS)) {
    if (token === '{') levels.push([])
    else if (token === '}') levels.at(-2)?.push(levels.pop())
    else if (quoted !== undefined) levels.at(-1)?.push(parse(quoted.replace(/\\(.)/gs, '$1')))
    else if (bare !== undefined) levels.at(-1)?.push(bare === 'NULL' ? null : parse(bare))
  }
  return levels[0]?.[0]
}
