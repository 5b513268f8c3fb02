// Reads the addresses and keys of all leagues' sources from the environment, as leagues declare them.

import { sources } from '../leagues/index.ts'
import type { Env } from '../lib/env.ts'
import type { SourceKey } from '../runner/types.ts'

/** The address of each source that is not reached at its own, by the source's name. */
export function readSourceUrls({ given }: Env): Record<string, string | undefined> {
  return Object.fromEntries(sources.flatMap(({ name, address }) => (address ? [[name, given[address]]] : [])))
}

/** The key of each source that wants one, by the source's name. */
export function readSourceKeys({ given }: Env): Record<string, SourceKey> {
  return Object.fromEntries(sources.flatMap(({ name, key }) => (key ? [[name, { variable: key, value: given[key] }]] : []))) // prettier-ignore
}
