// What must never be committed, in any file, documents included: keys, passwords in addresses, and paths that only one
// machine has. GitHub's own scan comes too late: after the push.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { findSecrets } from '../../src/lib/secret-shapes.ts'

/** Findings that are none: where, which kind, and why. */
const ALLOWED: readonly { file: string; kind: string; why: string }[] = []

const MEND =
  'take it out and, if it was ever real, revoke it; what only looks like one goes to ALLOWED in tests/checks/secrets.ts'

/** Every finding in these files, each `file:line: found; what to do`. Binary files are passed over. */
export function secretProblems(root: string, files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    if (text.includes('\0')) return []
    return findSecrets(text)
      .filter(({ kind }) => !ALLOWED.some((allowed) => allowed.file === file && allowed.kind === kind))
      .map(({ line, kind }) => `${file}:${line}: looks like ${kind}; ${MEND}`)
  })
}
