// `npm run job nfl/bronze -- --week current`: one job by hand. Without a name it lists them all.

import { jobs } from '../src/leagues/index.ts'
import { openOutput, say } from '../src/lib/output.ts'
import { door } from './door.ts'

const [id, ...rest] = process.argv.slice(2)
const known = jobs.map((one) => one.id as string)

if (id !== undefined && known.includes(id)) {
  await door(id, rest)
} else {
  const list = jobs.map((one) => `  ${one.id.padEnd(20)}${one.title}`).join('\n')
  const asked = id === undefined || id.startsWith('-') ? '' : `There is no job "${id}". `
  openOutput(process.env)
  say(`${asked}Usage: npm run job <job> -- [parameters]; --help after a job shows its parameters.\n\n${list}`)
  process.exitCode = id === undefined || id === '--help' ? 0 : 2
}
