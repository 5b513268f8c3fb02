// Grafana's macros and variables, put into a query as its Postgres data source does it: by regular expressions and not by
// a parser, so that a macro's arguments end at the first closing parenthesis and any $name( is taken for one.

export interface Filling {
  readonly from: Date
  readonly to: Date
  /** `1h`, as Grafana works it out of the time shown and the panel's width. */
  readonly interval: string
  /** Values of the dashboard's variables. */
  readonly variables: Readonly<Record<string, readonly string[]>>
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const

/** The SQL that reaches Postgres. Throws for a macro or a variable that Grafana would not know. */
export function fillIn(sql: string, filling: Filling): string {
  const withVariables = sql.replaceAll(/\$\{(\w+):sqlstring\}/g, (_, name: string) => {
    const values = filling.variables[name]
    if (values === undefined) throw new Error(`\${${name}} is no variable of this dashboard`)
    return values.map((value) => `'${value.replaceAll("'", "''")}'`).join(',')
  })
  const withInterval = withVariables
    .replaceAll('$__interval_ms', String(1000 * secondsOf(filling.interval)))
    .replaceAll('$__interval', filling.interval)
  return withInterval.replaceAll(/\$(\w+)\(([^)]*)\)/g, (call: string, name: string, given: string, at: number) => {
    const parts = given.split(',').map((part) => part.trim())
    // Directly before a comma it stands for its alias: so it was before Grafana 5.3.
    const isOld = name === '__timeGroup' && withInterval[at + call.length] === ','
    return evaluate(isOld ? '__timeGroupAlias' : name, parts, filling)
  })
}

function evaluate(name: string, [first = '', second = '']: readonly string[], { from, to }: Filling): string {
  const group = () => {
    const seconds = secondsOf(second.replaceAll("'", ''))
    return `floor(extract(epoch from ${first})/${seconds})*${seconds}`
  }
  switch (name) {
    case '__time':
      return `${first} AS "time"`
    case '__timeFilter':
      return `${first} BETWEEN '${from.toISOString()}' AND '${to.toISOString()}'`
    case '__timeFrom':
      return `'${from.toISOString()}'`
    case '__timeTo':
      return `'${to.toISOString()}'`
    case '__timeGroup':
      return group()
    case '__timeGroupAlias':
      return `${group()} AS "time"`
    default:
      throw new Error(`unknown macro "${name}"`)
  }
}

function secondsOf(interval: string): number {
  const [, count, unit] = /^(\d+)([smhdw])$/.exec(interval) ?? []
  if (count === undefined || unit === undefined) throw new Error(`error parsing interval ${interval}`)
  return Number(count) * SECONDS[unit as keyof typeof SECONDS]
}
