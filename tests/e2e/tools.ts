// Programs that are not npm packages: actionlint, zizmor, act. `.ci/run` installs them; where one is absent, the tests that
// need it are skipped by name.

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The path of a program in MATCHDAY_E2E_TOOLS or on the PATH. */
export function findTool(name: string): string | undefined {
  const folders = [process.env['MATCHDAY_E2E_TOOLS'] ?? '', ...(process.env['PATH'] ?? '').split(delimiter)]
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isProgram)
}

/** Options of node:test: skipped with the reason where the program is absent. */
export function skipWithoutTool(name: string): { skip: false | string } {
  return {
    skip: findTool(name) === undefined ? `no ${name} in MATCHDAY_E2E_TOOLS or on the PATH; .ci/run installs it` : false,
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // absent, or not for us to run: either way not this one
  }
}
