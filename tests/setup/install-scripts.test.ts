// What runs while packages are installed is code of strangers with whatever the machine holds: none does but by name.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { PROJECT_ROOT } from '../helpers/test-server.ts'

interface Locked {
  readonly hasInstallScript?: true
  readonly dev?: true
}

const read = <T>(file: string) => JSON.parse(readFileSync(join(PROJECT_ROOT, file), 'utf8')) as T
const { allowScripts } = read<{ allowScripts: Record<string, boolean> }>('package.json')
const { packages } = read<{ packages: Record<string, Locked> }>('package-lock.json')
const withScripts = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript)
const nameOf = (place: string) => place.replace(/^.*node_modules\//, '')

test('each locked package that brings a script for its install is named in allowScripts, and nobody else is', () => {
  const names = withScripts.map(([place]) => nameOf(place))

  assert.deepEqual(Object.keys(allowScripts), [...new Set(names)].sort())
})

test('of what workflows install none may run a script', () => {
  const ofWorkflows = withScripts.filter(([, { dev }]) => !dev).map(([place]) => nameOf(place))

  assert.deepEqual(ofWorkflows.filter((name) => allowScripts[name]), []) // prettier-ignore
})
