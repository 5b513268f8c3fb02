// The role of the dashboards under a name of this test's own: roles belong to the whole server, which other test runs share.

import { readFileSync } from 'node:fs'

export const READER_SQL = new URL('../../dashboards/grafana/reader.sql', import.meta.url)

/** What reader.sql does, without what is psql's. */
export function readerStatements(role: string): string {
  const lines = readFileSync(READER_SQL, 'utf8').split('\n')
  return lines
    .filter((line) => !/^(?:\\|(?:begin|commit);)/.test(line))
    .join('\n')
    .replaceAll('matchday_reader', role)
}
