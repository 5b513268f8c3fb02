// The checks that need types, as a process of their own: first the compiler's problems, then eslint's, a line of JSON each.
// With names only those of the two.

import { join } from 'node:path'

import { ROOT } from './files.ts'
import { lint } from './lint.ts'
import { checkProgram } from './program.ts'

const MEMORY = join(ROOT, '.matchday/check')

const wanted = process.argv.slice(2)
const program = checkProgram(ROOT, join(MEMORY, 'types.json'))
console.log(JSON.stringify(program.problems))
const linted = wanted.length === 0 || wanted.includes('lint')
console.log(JSON.stringify(linted ? await lint(ROOT, join(MEMORY, 'lint.json'), program) : []))
