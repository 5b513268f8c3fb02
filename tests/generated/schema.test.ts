// The schema files: what they say is what a migrated database holds.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { listProjectFiles, ROOT } from '../checks/files.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { plainly } from './plain-sql.ts'
import { readRemarks } from './remarks.ts'
import { schemaFiles, WRITTEN_BY_MAJOR } from './schema.ts'

const { sql } = await aDatabaseForThisFile({ empty: true })
const [server] = await sql<{ major: number }[]>`select current_setting('server_version_num')::integer / 10000 as major`
const otherwise =
  server?.major !== WRITTEN_BY_MAJOR && `written by PostgreSQL ${WRITTEN_BY_MAJOR}, this is ${server?.major}`

test(
  'the schema files are what the migrations make: if not, npm run generate writes them anew',
  { skip: otherwise },
  async () => {
    const files = await schemaFiles(sql)

    assert.deepEqual(
      listProjectFiles().filter((file) => /^src\/.*\bschema\.sql$/.test(file)),
      Object.keys(files).sort(),
    )
    for (const [file, text] of Object.entries(files)) assert.equal(readFileSync(join(ROOT, file), 'utf8'), text, file)
  },
)

test('a schema file says of a column what its migration remarks, the last one where there are several', () => {
  const { tables, columns } = readRemarks([
    '-- A row a run.\n-- Never edited.\ncreate table ledger.runs (\n  gate text, -- which gate\n  id uuid\n);\n',
    'alter table ledger.runs add column note text; -- why\nalter table ledger.runs\n  add column gate text, -- which one\n',
  ])

  assert.deepEqual([...tables], [['ledger.runs', 'A row a run. Never edited.']])
  assert.deepEqual(Object.fromEntries(columns), { 'ledger.runs.gate': 'which one', 'ledger.runs.note': 'why' })
})

for (const [written, read] of [
  [`CHECK ((state = ANY (ARRAY['a'::text, 'B C'::text])))`, `check (state in ('a', 'B C'))`],
  [`CHECK (((a IS NULL) = (b IS NULL)))`, `check ((a is null) = (b is null))`],
  [`DEFAULT '{}'::jsonb`, `default '{}'`],
  [`CHECK ((p >= (0)::double precision))`, `check (p >= 0)`],
  [
    `CREATE INDEX one ON t USING btree (a DESC) WHERE (kind = 'ITS'::text)`,
    `create index one on t (a desc) where (kind = 'ITS')`,
  ],
] as const) {
  test(`${written} is written as ${read}`, () => assert.equal(plainly(written), read))
}
