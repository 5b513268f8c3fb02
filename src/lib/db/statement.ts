// Our own `sql`: it looks and types like the driver's, but a statement holds its text and values only, and meets the driver
// when it is sent. So one function serves every connection there is and will be.

import postgres from 'postgres'

import { arrayTypeOf } from './array-types.ts'
import type { Recipe } from './life.ts'

/** Sends one statement and returns what came of it. */
export type Run = (recipe: Recipe) => Promise<unknown>

/** What a statement is made of, by the driver's function. */
type Make = (sql: postgres.Sql) => postgres.PendingQuery<postgres.Row[]>

interface Statement extends PromiseLike<unknown> {
  catch: Promise<unknown>['catch']
  finally: Promise<unknown>['finally']
}

type SqlFunction = (first: unknown, ...rest: unknown[]) => unknown

// Makes names, helpers and parts of statements. It never connects: nothing of it is ever awaited.
const workshop = postgres({ max: 1 })
const makers = new WeakMap<object, Make>()
const places = new WeakMap<object, Error>()

/** The function for tagged templates and its helpers: what statements and transactions have in common. */
export function createSqlFunction(run: Run): SqlFunction {
  const tagged: SqlFunction = (first, ...rest) =>
    isTemplate(first) ? createTagged(first, rest, run) : helper(first, rest)
  return Object.assign(tagged, {
    unsafe(text: string, values: unknown[] = [], options = {}) {
      return createStatement((sql) => sql.unsafe(text, values as never[], options), run)
    },
    json: (value: postgres.JSONValue) => workshop.json(value),
    array: (values: unknown[], type?: number) => workshop.typed(values, arrayTypeOf(values, type)),
  })
}

function isTemplate(value: unknown): value is TemplateStringsArray {
  return Array.isArray(value) && 'raw' in value
}

function createTagged(strings: TemplateStringsArray, values: unknown[], run: Run): Statement {
  // Once for each place in our code: what the driver throws knows of the driver's own lines only.
  if (!places.has(strings)) places.set(strings, new Error('sent here'))
  const make: Make = (sql) => sql(strings, ...(values.map(toDriver) as never[]))
  return createStatement(make, async (recipe) => {
    try {
      return await run(recipe)
    } catch (error) {
      throw addPlace(error, places.get(strings))
    }
  })
}

function createStatement(make: Make, run: Run): Statement {
  let result: Promise<unknown> | undefined
  // Lazily, and once: a statement that is part of another is never sent itself.
  const promise = (): Promise<unknown> => (result ??= run(make))
  const statement: Statement = {
    then: (...handlers) => promise().then(...handlers),
    catch: (handler) => promise().catch(handler),
    finally: (handler) => promise().finally(handler),
  }
  makers.set(statement, make)
  return statement
}

/** A name, names, a row or rows, for the driver to write as the words before them ask. */
function helper(first: unknown, rest: unknown[]): unknown {
  return (workshop as unknown as SqlFunction)(withParts(first), ...rest)
}

function withParts(first: unknown): unknown {
  if (Array.isArray(first)) return first.map(withParts)
  if (typeof first !== 'object' || first === null || !Object.values(first).some(makerOf)) return first
  return Object.fromEntries(Object.entries(first).map(([key, value]) => [key, toDriver(value)]))
}

/** Parts of statements become the driver's own; values stay what they are. */
function toDriver(value: unknown): unknown {
  if (Array.isArray(value) && value.length > 0 && makerOf(value[0])) return value.map(toDriver)
  return makerOf(value)?.(workshop) ?? value
}

function makerOf(value: unknown): Make | undefined {
  return typeof value === 'object' && value !== null ? makers.get(value) : undefined
}

function addPlace(error: unknown, place: Error | undefined): unknown {
  if (error instanceof Error && place?.stack) {
    const lines = place.stack.split('\n').filter((line) => !line.includes('/lib/db/') && line.startsWith('    at '))
    if (!error.stack?.includes(lines[0] ?? '')) error.stack = [error.stack, ...lines].join('\n')
  }
  return error
}

/** Who connects where a URL names nobody. */
export function defaultUser(): string {
  return workshop.options.user
}
