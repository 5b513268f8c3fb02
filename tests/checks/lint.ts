// eslint over the tree, with the types of a program that is there already. A file is linted again when its own text or a type
// that it sees changed, when it was found bad, and when the rules or the tools did.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

import { ESLint } from 'eslint'

import { listProjectFiles } from './files.ts'
import type { CheckedProgram } from './program.ts'

/** What decides, beside the files themselves, what eslint finds. */
const RULES = ['eslint.config.js', 'package-lock.json', 'tsconfig.json']

/** What eslint finds, a line each. `memory` is the file of what was found bad; it is missing while nothing is known. */
export async function lint(
  root: string,
  memory: string,
  { program, checked, keep }: CheckedProgram,
): Promise<string[]> {
  const rules = hashOf(RULES.map((file) => join(root, file)))
  const bad = readMemory(memory, rules)
  // Gone until the end, so that a run that breaks off leaves no memory of what it did not lint.
  rmSync(memory, { force: true })
  const types = { parserOptions: { projectService: false, programs: [program] } }
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: { files: ['**/*.ts', '**/*.tsx'], languageOptions: types },
    // Of what the rules leave out, as they always did, nothing is said.
    warnIgnored: false,
  })
  const known = new Set(program.getSourceFiles().map(({ fileName }) => fileName))
  const isNew = (path: string) => checked.has(path) || !known.has(path)
  const files = listProjectFiles(root)
    .filter((file) => /\.(?:[cm]?js|tsx?)$/.test(file))
    .filter((file) => bad === undefined || bad.has(file) || isNew(join(root, file)))
  const results = files.length === 0 ? [] : await eslint.lintFiles(files)
  const found = results
    .filter(({ messages }) => messages.length > 0)
    .map(({ filePath, messages }) => ({ file: relative(root, filePath), messages }))
  keep()
  mkdirSync(dirname(memory), { recursive: true })
  writeFileSync(memory, JSON.stringify({ rules, bad: found.map(({ file }) => file) }))
  return found.flatMap(({ file, messages }) =>
    messages.map(
      ({ line, column, message, ruleId }) => `${file}:${line}:${column}: ${message} (${ruleId ?? 'eslint'})`,
    ),
  )
}

/** The files that were found bad by the same rules; undefined when nothing is known. */
function readMemory(memory: string, rules: string): Set<string> | undefined {
  try {
    const kept = JSON.parse(readFileSync(memory, 'utf8')) as { rules: string; bad: string[] }
    return kept.rules === rules ? new Set(kept.bad) : undefined
  } catch {
    return undefined
  }
}

function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256').update(process.version)
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex')
}
