// What a database holds, as its catalogs say: every schema, table, view and function, each as a statement to be read.

import type { Sql } from '../../src/lib/db.ts'
import { plainly, wrapped } from './plain-sql.ts'
import type { Remarks } from './remarks.ts'

/** A schema, a table with its indexes and triggers, a view, or a function. */
export interface DatabaseObject {
  /** `table ledger.runs` */
  readonly key: string
  readonly text: string
}

const OF_OURS = `!~ '^(?:pg_|information_schema$)'`

/** Everything, schemas first, then functions, tables and views, each kind by name, whatever the database's own order of signs. */
export async function readObjects(sql: Sql, remarks: Remarks): Promise<DatabaseObject[]> {
  const kinds = [await readSchemas(sql), await readFunctions(sql), await readTables(sql, remarks), await readViews(sql)]
  return kinds.flatMap((kind) => kind.sort((a, b) => (a.key < b.key ? -1 : 1)))
}

async function readSchemas(sql: Sql): Promise<DatabaseObject[]> {
  const rows = await sql<{ name: string }[]>`
    select nspname as name from pg_namespace where nspname ${sql.unsafe(OF_OURS)} and nspname <> 'public'
  `
  return rows.map(({ name }) => ({ key: `schema ${name}`, text: `create schema ${name};` }))
}

async function readFunctions(sql: Sql): Promise<DatabaseObject[]> {
  const rows = await sql<{ name: string; definition: string }[]>`
    select oid::regprocedure::text as name, pg_get_functiondef(oid) as definition
    from pg_proc where pronamespace::regnamespace::text ${sql.unsafe(OF_OURS)}
  `
  return rows.map(({ name, definition }) => {
    const [head = '', body = ''] = definition.split(/(?=AS \$function\$)/)
    const text = `${plainly(head).replace('create or replace', 'create')}${body.replace(/^AS/, 'as').trimEnd()};`
    return { key: `function ${name}`, text }
  })
}

async function readViews(sql: Sql): Promise<DatabaseObject[]> {
  const rows = await sql<{ name: string; definition: string }[]>`
    select relnamespace::regnamespace || '.' || relname as name, pg_get_viewdef(oid, true) as definition
    from pg_class where relkind = 'v' and relnamespace::regnamespace::text ${sql.unsafe(OF_OURS)}
  `
  return rows.map(({ name, definition }) => ({ key: `view ${name}`, text: `create view ${name} as\n${plainly(definition)}` })) // prettier-ignore
}

interface Column {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly required: boolean
  /** Of its value, where it has one: `identity` too. */
  readonly standard: string | null
  readonly comment: string | null
}

/** A constraint, an index or a trigger. */
interface Part {
  readonly table: string
  readonly definition: string
}

async function readTables(sql: Sql, remarks: Remarks): Promise<DatabaseObject[]> {
  const columns = await readColumns(sql)
  const [constraints, indexes, triggers] = [await readConstraints(sql), await readIndexes(sql), await readTriggers(sql)]
  return [...new Set(columns.map(({ table }) => table))].map((table) => {
    const of = <T extends { readonly table: string }>(all: readonly T[]) => all.filter((one) => one.table === table)
    const lines = [
      ...of(columns).map((column) => ({ words: wordsOf(column), remark: column.comment ?? remarks.columns.get(`${table}.${column.name}`) })), // prettier-ignore
      ...of(constraints).map(({ definition }) => ({ words: plainly(definition), remark: undefined })),
    ]
    const body = lines.map(({ words, remark }, i) => writeLine(`${words}${i < lines.length - 1 ? ',' : ''}`, remark))
    const others = [...of(indexes), ...of(triggers)].map(({ definition }) => `${plainly(definition)};\n`)
    const about = remarks.tables.get(table)
    const text = `${about === undefined ? '' : wrapped(about, '')}create table ${table} (\n${body.join('')});\n${others.join('')}`
    return { key: `table ${table}`, text: text.trimEnd() }
  })
}

/** A remark stands behind its line, or above it where it is long. */
function writeLine(words: string, remark: string | undefined): string {
  const line = `  ${words}`
  if (remark === undefined) return `${line}\n`
  const together = `${line} -- ${remark}`
  return together.length <= 120 ? `${together}\n` : `${wrapped(remark, '  ')}${line}\n`
}

function wordsOf({ name, type, required, standard }: Column): string {
  return `${name} ${plainly(type)}${required ? ' not null' : ''}${standard === null ? '' : ` ${plainly(standard)}`}`
}

function readColumns(sql: Sql): Promise<Column[]> {
  return sql<Column[]>`
    select t.relnamespace::regnamespace || '.' || t.relname as "table", quote_ident(a.attname) as name,
      format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
      case when a.attidentity = 'a' then 'generated always as identity'
        else 'default ' || pg_get_expr(d.adbin, d.adrelid) end as standard,
      col_description(t.oid, a.attnum) as comment
    from pg_class t
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
    where t.relkind = 'r' and t.relnamespace::regnamespace::text ${sql.unsafe(OF_OURS)}
    order by a.attnum
  `
}

/** Primary keys first; what may not be null is said by its column. */
function readConstraints(sql: Sql): Promise<Part[]> {
  return sql<Part[]>`
    select t.relnamespace::regnamespace || '.' || t.relname as "table",
      case when c.contype = 'p' then '' else 'constraint ' || quote_ident(c.conname) || ' ' end || pg_get_constraintdef(c.oid) as definition
    from pg_constraint c join pg_class t on t.oid = c.conrelid
    where c.contype in ('p', 'u', 'c', 'f') and t.relnamespace::regnamespace::text ${sql.unsafe(OF_OURS)}
    order by c.contype <> 'p', c.conname
  `
}

/** But those that keep a constraint. */
function readIndexes(sql: Sql): Promise<Part[]> {
  return sql<Part[]>`
    select t.relnamespace::regnamespace || '.' || t.relname as "table", pg_get_indexdef(i.indexrelid) as definition
    from pg_index i join pg_class t on t.oid = i.indrelid join pg_class own on own.oid = i.indexrelid
    where t.relnamespace::regnamespace::text ${sql.unsafe(OF_OURS)}
      and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u'))
    order by own.relname
  `
}

function readTriggers(sql: Sql): Promise<Part[]> {
  return sql<Part[]>`
    select t.relnamespace::regnamespace || '.' || t.relname as "table", pg_get_triggerdef(g.oid) as definition
    from pg_trigger g join pg_class t on t.oid = g.tgrelid
    where not g.tgisinternal and t.relnamespace::regnamespace::text ${sql.unsafe(OF_OURS)}
    order by g.tgname
  `
}
