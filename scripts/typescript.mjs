// How a door's TypeScript is read: from Node 24 on by Node itself, in half of the time that tsx takes. Before, and for JSX (see
// dashboard/site.ts), by tsx.

import module from 'node:module'
import { fileURLToPath } from 'node:url'

const [major] = process.versions.node.split('.')
// Node 22 would take the types off too, but does not know `await using`.
if (Number(major) < 24) await import('tsx')
// A runner of Actions is new each time: it would keep for nobody what it has compiled.
else if (!process.env.GITHUB_ACTIONS)
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)))
