// What is known of a league stands in its folder: outside it no code names it, its providers or their variables, or imports from
// it. Comments may give examples.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import ts from 'typescript'

import type { League } from '../../src/core/league.ts'
import { leagues } from '../../src/leagues/index.ts'
import { listProjectFiles, ROOT } from '../checks/files.ts'
import { readModule } from '../checks/modules.ts'

const sports = leagues.filter((league) => league.switch !== 'none') // the house's own is named everywhere

/** What knows a league all the same, and why: files, or folders with a slash at their end. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'src/leagues/index.ts': 'it is the registry: a line each',
  'dashboards/grafana/predictions.json': 'a dashboard of the first league that predicts; others copy it',
}

const excepting = (file: string) =>
  Object.keys(EXCEPTIONS).find((place) => file === place || (place.endsWith('/') && file.startsWith(place)))

const isOwn = (file: string) =>
  sports.some(({ id }) => file.startsWith(`src/leagues/${id}/`) || file.startsWith(`scripts/${id}/`))

const files = listProjectFiles().filter((file) => /^(?:src|scripts|dashboards)\/.*\.(?:tsx?|json)$/.test(file) && !isOwn(file)) // prettier-ignore

type Names = readonly (readonly [name: string, word: RegExp])[]

/** `nfl`, `NFL`, `toNfl`, `nfl_games`; not the `nfl` of `nflverse`, which is looked for as such. */
function namesOf(league: Pick<League, 'id' | 'sources'>): Names {
  const { id, sources } = league
  const capital = `${id.slice(0, 1).toUpperCase()}${id.slice(1)}`
  const whole = [id.toUpperCase(), ...sources.flatMap(({ name, address, key }) => [name, address ?? name, key ?? name])]
  return [
    [id, new RegExp(`(?<![A-Za-z])${id}(?![a-z])|${capital}(?![a-z])`)],
    ...[...new Set(whole)].map((name) => [name, new RegExp(`(?<![A-Za-z])${name}(?![A-Za-z])`)] as const),
  ]
}

const NAMES = sports.flatMap(namesOf)

const printer = ts.createPrinter({ removeComments: true })

/** Which of the names stand in a file, comments left out. */
function namesIn(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const found = NAMES.filter(([, word]) => word.test(text))
  if (found.length === 0) return []
  const parse = () => ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const code = file.endsWith('.json') ? text : printer.printFile(parse())
  return found.filter(([, word]) => word.test(code)).map(([name]) => name)
}

/** What it imports from a league's folder. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const mayImport = sports.some(({ id }) => new RegExp(`['"][./][^'"]*/${id}/`).test(text))
  return !mayImport
    ? []
    : readModule(file, text).imports.flatMap(({ target }) => (target !== undefined && isOwn(target) ? [target] : []))
}

const found = files.flatMap((file) => [...namesIn(file), ...importsOf(file)].map((what) => ({ file, what })))

test('no code outside a league’s folder names it, its providers or their variables, or imports from it', () => {
  assert.deepEqual(found.filter(({ file }) => excepting(file) === undefined), []) // prettier-ignore
})

test('what knows a league all the same still does', () => {
  const knowing = new Set(found.map(({ file }) => excepting(file)))

  assert.deepEqual(Object.keys(EXCEPTIONS).filter((place) => !knowing.has(place)), []) // prettier-ignore
})

test('names are found as code has them, and not within longer words', () => {
  const names = namesOf({ id: 'nbl', sources: [{ name: 'nblverse', address: 'NBLVERSE_URL', terms: { may: 'nothing', say: '' } }] }) // prettier-ignore
  const found = (code: string) => names.filter(([, word]) => word.test(code)).map(([name]) => name)

  for (const code of ["league === 'nbl'", 'predictions.nbl_games', 'nblWeekAt(now)', 'toNbl(week)'])
    assert.deepEqual(found(code), ['nbl'], code)
  assert.deepEqual(found('an NBL_SEASON'), ['NBL'])
  assert.deepEqual(found("env['NBLVERSE_URL'] of nblverse"), ['nblverse', 'NBLVERSE_URL'])
  assert.deepEqual(found('enbld, unbl-like'), [])
})
