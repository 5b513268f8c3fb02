// Expressions of workflow files, evaluated by GitHub's own library: what stands in `${{ }}`, and conditions.

import { data, Evaluator, Lexer, Parser } from '@actions/expressions'

/** What an expression may name: github, vars, secrets, inputs ... */
export type Contexts = Readonly<Record<string, unknown>>

/** How the job stands, for success() and its kin. */
export type Standing = 'success' | 'failure'

const NAMES = ['github', 'vars', 'secrets', 'inputs', 'needs', 'steps', 'matrix', 'env', 'runner', 'job']
const STATUS = ['success', 'failure', 'always', 'cancelled'] as const

/** The value of an expression, as GitHub's data. Throws what GitHub's library throws, which fails a run there too. */
function evaluate(expression: string, contexts: Contexts, standing: Standing): data.ExpressionData {
  const answers = { success: standing === 'success', failure: standing === 'failure', always: true, cancelled: false }
  const functions = STATUS.map((name) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(answers[name]),
  }))
  const { tokens } = new Lexer(expression).lex()
  const parsed = new Parser(tokens, NAMES, functions).parse()
  const known = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary
  return new Evaluator(parsed, known, new Map(functions.map((each) => [each.name, each]))).evaluate()
}

/** A text of a workflow file with its `${{ }}` filled in. */
export function fill(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    evaluate(expression.trim(), contexts, 'success').coerceString(),
  )
}

/** Does the condition of a job or a step let it run? Without a status function `success()` is meant too. */
export function holds(condition: unknown, contexts: Contexts, standing: Standing): boolean {
  const text = condition === undefined ? 'success()' : String(condition)
  const expression = /^\$\{\{(.*)\}\}$/s.exec(text.trim())?.[1] ?? text
  const asksStatus = STATUS.some((name) => new RegExp(`\\b${name}\\s*\\(`).test(expression))
  if (!asksStatus && standing !== 'success') return false
  return isTruthy(evaluate(expression.trim(), contexts, standing))
}

function isTruthy(value: data.ExpressionData): boolean {
  switch (value.kind) {
    case data.Kind.Null:
      return false
    case data.Kind.Boolean:
      return (value as data.BooleanData).value
    case data.Kind.Number:
      return ![0, NaN].includes((value as data.NumberData).value)
    case data.Kind.String:
      return (value as data.StringData).value !== ''
    default:
      return true
  }
}
