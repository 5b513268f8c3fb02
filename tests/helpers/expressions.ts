// GitHub's own evaluator of expressions (@actions/expressions), for what our workflow files say in theirs.

import { data, Evaluator, Lexer, Parser } from '@actions/expressions'

/** The value of an expression in contexts such as `{ github: {...}, vars: {...} }`, as text, as GitHub puts it into a field. Throws
 *  where GitHub refuses to evaluate it. */
export function evaluate(expression: string, contexts: Readonly<Record<string, unknown>>): string {
  const { tokens } = new Lexer(expression).lex()
  const tree = new Parser(tokens, Object.keys(contexts), []).parse()
  return new Evaluator(tree, toData(contexts) as data.Dictionary).evaluate().coerceString()
}

/** A field with expressions in it, such as a group's name. */
export function evaluateField(field: string, contexts: Readonly<Record<string, unknown>>): string {
  return field.replace(/\$\{\{(.*?)\}\}/gs, (_all, expression: string) => evaluate(expression.trim(), contexts))
}

function toData(value: unknown): data.ExpressionData {
  if (value === null || value === undefined) return new data.Null()
  if (typeof value === 'string') return new data.StringData(value)
  if (typeof value === 'number') return new data.NumberData(value)
  if (typeof value === 'boolean') return new data.BooleanData(value)
  if (Array.isArray(value)) return new data.Array(...value.map(toData))
  return new data.Dictionary(...Object.entries(value).map(([key, one]) => ({ key, value: toData(one) })))
}
