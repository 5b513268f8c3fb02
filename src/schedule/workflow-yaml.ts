// A workflow file as a tree that knows its lines, and what is wrong with it as problems that name them. What the keys mean
// is not known here.

import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml'

/** One thing wrong with a file. `message` reads: what was found; expected what. */
export interface Problem {
  readonly file: string
  readonly line: number
  readonly message: string
}

/** Takes note of a problem at a line of the file being read. */
export type Report = (line: number, message: string) => void

/** A node of the tree: a map has `keys`, a list has `items`, a scalar has a `value`. */
export interface YamlNode {
  /** The line of its key, or in a list its own. */
  readonly line: number
  readonly kind: 'map' | 'list' | 'scalar'
  readonly value: string | number | boolean | null
  readonly items: readonly YamlNode[]
  readonly keys: ReadonlyMap<string, YamlNode>
}

export interface YamlFile {
  /** Below the root of the repository, with forward slashes. */
  readonly file: string
  /** The text line by line; comments are only there. */
  readonly lines: readonly string[]
  readonly root: YamlNode
  readonly problems: readonly Problem[]
}

/** Reads one file. What YAML itself refuses (a repeated key, a broken indent) is in `problems`. */
export function parseYamlFile(file: string, text: string): YamlFile {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter })
  const lineAt = (offset: number): number => counter.linePos(offset).line
  const problems = document.errors.map((error) => ({
    file,
    line: lineAt(error.pos[0]),
    message: `this is not YAML as GitHub reads it; expected none of: ${error.message.split('\n')[0] ?? error.code}`,
  }))
  const toNode = (node: unknown, line: number): YamlNode => located(node, line, { document, lineAt })
  return { file, lines: text.split(/\r?\n/), root: toNode(document.contents, 1), problems }
}

/** The node at a path of keys below `node`, if there is one. */
export function nodeAt(node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  return path.reduce<YamlNode | undefined>((found, key) => found?.keys.get(key), node)
}

/** The jobs of a workflow, by name. */
export function jobsOf(yaml: YamlFile): [string, YamlNode][] {
  return [...(nodeAt(yaml.root, 'jobs')?.keys ?? [])]
}

/** The strings of a list, or of one string standing for a list of one; each with its line. */
export function textsOf(node: YamlNode | undefined): { text: string; line: number }[] {
  if (node === undefined) return []
  const nodes = node.kind === 'list' ? node.items : [node]
  return nodes.flatMap(({ value, line }) => (value === null ? [] : [{ text: String(value), line }]))
}

/** A scalar as text; undefined for maps, lists and nothing. */
export function textOf(node: YamlNode | undefined): string | undefined {
  return node === undefined || node.value === null ? undefined : String(node.value)
}

/** A problem as a sentence: `file:line: what was found; expected what`. */
export function problemSentence({ file, line, message }: Problem): string {
  return `${file}:${line}: ${message}`
}

interface Source {
  readonly document: Document
  lineAt(offset: number): number
}

function located(given: unknown, keyLine: number | undefined, source: Source): YamlNode {
  const node = isAlias(given) ? given.resolve(source.document) : given
  const line = keyLine ?? lineOf(given, source)
  const base = { line, value: null, items: [], keys: new Map<string, YamlNode>() }
  if (isSeq(node)) return { ...base, kind: 'list', items: node.items.map((item) => located(item, undefined, source)) }
  if (isScalar(node)) return { ...base, kind: 'scalar', value: toScalar(node.value) }
  if (!isMap(node)) return { ...base, kind: 'scalar' }
  const keys = new Map(
    node.items.map((pair) => {
      const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key)
      return [key, located(pair.value, lineOf(pair.key, source), source)]
    }),
  )
  return { ...base, kind: 'map', keys }
}

function lineOf(node: unknown, source: Source): number {
  const range = (node as Node | null)?.range
  return range ? source.lineAt(range[0]) : 1
}

function toScalar(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return value === null || value === undefined ? null : String(value)
}
