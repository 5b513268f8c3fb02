// The Grafana dashboards: their shape, and every query of theirs run by the reader's own role against a real Postgres, with
// Grafana's macros filled in as Grafana does it.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'

import { parse } from 'yaml'

import { readJobFailures } from '../../src/views/failures/jobs.ts'
import { readFreshness } from '../../src/views/freshness/freshness.ts'
import { addUp, readJobWords } from '../../src/views/word-kept.ts'
import { at } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { readerStatements } from '../helpers/reader.ts'
import { aSite, aViewJob } from '../helpers/site.ts'
import { fillIn, type Filling } from './macros.ts'
import { aScene, recentSlots } from './scene.ts'

const FOLDER = new URL('../../dashboards/grafana/', import.meta.url)
// Roles belong to the whole server, which other test runs share.
const READER = `matchday_reader_test_${process.pid}`
// Before the database is asked for, which goes after the hooks that came first.
after(async () => {
  await sql.unsafe(`drop owned by ${READER}; drop role ${READER}`)
})

const { sql } = await aDatabaseForThisFile()
const SOURCE = { type: 'grafana-postgresql-datasource', uid: '${DS_MATCHDAY}' }

interface Target {
  readonly refId: string
  readonly datasource: unknown
  readonly format: 'time_series' | 'table'
  readonly rawQuery: boolean
  readonly rawSql: string
}

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description: string
  readonly datasource: unknown
  readonly gridPos: { x: number; y: number; w: number; h: number }
  readonly fieldConfig: { defaults: { unit?: string } }
  readonly targets: readonly Target[]
}

interface Variable {
  readonly name: string
  readonly type: string
  readonly query: string
}

interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly schemaVersion: number
  readonly templating: { list: readonly Variable[] }
  readonly panels: readonly Panel[]
}

const dashboards = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Dashboard)
const panels = dashboards.flatMap((dashboard) => dashboard.panels.map((panel) => ({ dashboard, panel })))
const targets = panels.flatMap(({ dashboard, panel }) =>
  panel.targets.map((target) => ({ target, name: `${dashboard.uid}: ${panel.title}` })),
)

const FILLING: Filling = {
  from: at('19 00:00'),
  to: at('20 00:00'),
  interval: '1h',
  variables: {
    job: ['test/one', "it's/another"],
    market: ['moneyline', 'ats', 'ou'],
    recorded: ['before kick-off', 'afterwards'],
    data: ['real'],
  },
}

before(async () => {
  await aScene(sql)
  const statements = readerStatements(READER)
  await sql.unsafe(statements)
  await sql.unsafe(statements) // a second time changes nothing
})

/** As the reader, in a transaction that cannot write. */
function asReader(text: string) {
  return sql.begin('read only', async (tx) => {
    await tx.unsafe(`set local role ${READER}`)
    return await tx.unsafe(text)
  })
}

async function answersOf(uid: string, title: string, filling = FILLING): Promise<Record<string, unknown>[]> {
  const panel = panels.find((one) => one.dashboard.uid === uid && one.panel.title === title)?.panel
  assert.ok(panel?.targets[0], `${uid} has no panel "${title}"`)
  return [...(await asReader(fillIn(panel.targets[0].rawSql, filling)))]
}

test('there are four dashboards, each with a uid of its own', () => {
  assert.deepEqual(dashboards.map(({ uid }) => uid).sort(), ['matchday-failures', 'matchday-overview', 'matchday-predictions', 'matchday-slots']) // prettier-ignore
  for (const { schemaVersion } of dashboards) assert.equal(schemaVersion, 39)
})

test('every panel has an id of its own, a title, a description and a unit', () => {
  for (const dashboard of dashboards) {
    const ids = dashboard.panels.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length, dashboard.uid)
  }
  for (const { dashboard, panel } of panels) {
    for (const text of [panel.title, panel.description, panel.fieldConfig.defaults.unit]) {
      assert.ok(text, `${dashboard.uid}: panel ${panel.id} says "${text}"`)
    }
  }
})

test('panels lie within 24 columns and none on another', () => {
  for (const { uid, panels: all } of dashboards) {
    for (const [i, { gridPos: a, title }] of all.entries()) {
      assert.ok(a.x >= 0 && a.x + a.w <= 24, `${uid}: ${title}`)
      const hit = all.slice(i + 1).find(({ gridPos: b }) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h) // prettier-ignore
      assert.equal(hit?.title, undefined, `${uid}: on top of ${title}`)
    }
  }
})

test('everything asks the one data source that a variable names', () => {
  for (const { uid, templating } of dashboards) {
    const variable = templating.list.find(({ name }) => name === 'DS_MATCHDAY')
    assert.deepEqual([variable?.type, variable?.query], ['datasource', SOURCE.type], uid)
  }
  for (const { panel } of panels) {
    assert.deepEqual(panel.datasource, SOURCE, panel.title)
    for (const target of panel.targets) assert.deepEqual([target.datasource, target.rawQuery], [SOURCE, true])
  }
})

test('no query writes, and none reads what may hold a secret', () => {
  const writes = /\b(insert|update|delete|truncate|alter|drop|create|grant|copy|call|do|lock|set|notify)\b/i
  const secrets = /\b(parameters|log_tail|stack|context|deliveries|pg_authid|pg_shadow|pg_settings|current_setting)\b|password|secret|token|pg_read|dblink/i // prettier-ignore
  for (const { name, target } of targets) {
    assert.match(target.rawSql, /^(select|with)\b/, name)
    assert.ok(!target.rawSql.includes(';'), `${name} is one statement`)
    assert.doesNotMatch(target.rawSql, writes, name)
    assert.doesNotMatch(target.rawSql, secrets, name)
  }
})

for (const { name, target } of targets) {
  test(`${name} (${target.refId}) answers with rows of the right kind`, async () => {
    const rows = await asReader(fillIn(target.rawSql, FILLING))

    assert.ok(rows.length > 0, 'the scene has something for every panel')
    if (target.format !== 'time_series') return
    const numbers = [20, 21, 23, 700, 701, 1700]
    const times = [1184, ...numbers]
    for (const { name: column, type } of rows.columns) {
      const expected = column === 'time' ? times : column === 'metric' ? [25] : numbers
      assert.ok(expected.includes(type), `${column} is of type ${type}`)
    }
    assert.ok(rows.columns.some((column) => column.name === 'time'))
  })
}

test('variables that ask the database are answered too', async () => {
  const asking = dashboards.flatMap(({ templating }) => templating.list.filter(({ type }) => type === 'query'))

  assert.equal(asking.length, 3)
  for (const { query } of asking) assert.deepEqual([...(await asReader(query))], [{ job: 'test/one' }])
})

test('the success rate is of runs that did their work or tried to', async () => {
  const rows = await answersOf('matchday-overview', 'Success rate by job')

  assert.deepEqual(rows.map((row) => [row['metric'], row['value']]), [['test/one', 1], ['test/one', 1], ['test/one', 0], ['test/one', 0]]) // prettier-ignore
})

test('a duration stands in the row of the next power of two', async () => {
  const rows = await answersOf('matchday-overview', 'How long runs take')

  assert.deepEqual(new Set(rows.map((row) => row['metric'])), new Set(['000064']))
})

test('a failed run carries what its link to GitHub is made of', async () => {
  const [row] = await answersOf('matchday-overview', 'Runs that did not end well')

  assert.deepEqual([row?.['code'], row?.['actions run'], row?.['actions attempt']], ['http_503', '42', 2])
  const panel = panels.find(({ panel: { title } }) => title === 'Runs that did not end well')
  assert.ok(JSON.stringify(panel).includes('${repository}/actions/runs/${__data.fields[\\"actions run\\"]}'))
})

test('running and completed are counted against all that began', async () => {
  const [row] = await answersOf('matchday-overview', 'Running against completed')

  assert.deepEqual([Number(row?.['running']), Number(row?.['completed'])], [1, 2])
})

test('the word is kept by slots that were served before their deadline, of all that were to be', async () => {
  const [row] = await answersOf('matchday-overview', 'Word kept')

  assert.equal(row?.['served in time'], 2 / 4) // the one that is due since 2024 is lost, though nobody wrote it down
})

test('word kept, cron alone, freshness and success rate are what the site says they are', async () => {
  // A job that keeps a table of the lake, for the site judges the freshness of no other.
  const job = 'nfl/bronze'
  await recentSlots(sql, job)
  const [clock] = await sql<{ now: Date }[]>`select now() as now`
  const now = clock?.now ?? at('19 12:00')
  const since = new Date(now.getTime() - 20 * 86_400_000)
  const filling = { ...FILLING, from: since, to: now, variables: { ...FILLING.variables, job: [job] } }
  const site = aSite({ now, jobs: [aViewJob(job)] })

  const answer = (title: string, uid = 'matchday-overview') => answersOf(uid, title, filling)
  const word = addUp((await readJobWords(sql, now)).filter((one) => one.job === job))
  const [fresh] = (await readFreshness(sql, site)).jobs
  const [failures] = await readJobFailures(sql, site, { since, now, weeks: 3 })

  assert.deepEqual([word.slots, word.served, word.judged, word.cronInTime], [8, 5, 8, 4])
  assert.equal((await answer('Word kept'))[0]?.['served in time'], word.served / word.slots)
  assert.equal((await answer("GitHub's cron alone"))[0]?.['cron alone'], word.cronInTime / word.judged)
  const share = fresh?.freshShare ?? 0
  assert.ok(share > 0.2 && share < 0.9, String(share))
  for (const [row] of [await answer('Freshness'), await answer('Freshness by job', 'matchday-slots')]) {
    assert.ok(Math.abs(Number(row?.['fresh']) - share) < 0.001, `${String(row?.['fresh'])} for ${share}`)
  }
  assert.deepEqual(failures?.ended, { succeeded: 4, partial: 1, failed: 1 })
  assert.deepEqual((await answer('Success rate by job')).map(({ value }) => value).sort(), [0, 0, 1, 1, 1, 1])
})

test('minutes are billed whole, with the time to set up', async () => {
  const rows = await answersOf('matchday-slots', 'Minutes on GitHub')

  assert.deepEqual(rows.map((row) => [row['metric'], row['value']]), [['ops-watch', 2], ['test/one', 4]]) // prettier-ignore
})

test('the account has ours beside the close on the same games', async () => {
  const rows = await answersOf('matchday-predictions', 'The account, ours beside the close')

  const winner = rows.find((row) => row['market'] === 'winner')
  assert.deepEqual([winner?.['Brier, ours'], winner?.['Brier, close'], winner?.['right']], [0.04, 0.0289, 1])
})

test('simulated predictions are not among the real ones', async () => {
  const panel = panels.find(({ panel: { title } }) => title.startsWith('The account'))?.panel
  const simulated = { ...FILLING, variables: { ...FILLING.variables, data: ['simulated'] } }

  assert.equal((await asReader(fillIn(panel?.targets[0]?.rawSql ?? '', simulated))).length, 0)
})

test('the reader can neither write nor read what no dashboard shows', async () => {
  const refused = (text: string) =>
    assert.rejects(
      sql.begin(async (tx) => {
        await tx.unsafe(`set local role ${READER}`)
        await tx.unsafe(text)
      }),
      { code: '42501' },
    )

  await refused('delete from ledger.breakers')
  await refused("insert into ledger.breakers (source, state) values ('x', 'open')")
  await refused('select * from ledger.deliveries')
  await refused('select * from models.nfl_fits')
  await refused('select id from bronze.files')
  for (const column of ['parameters', 'log_tail', 'errors', 'notes', 'result', 'tables', 'actor', 'host', '*']) {
    await refused(`select ${column} from ledger.runs`)
  }
  for (const column of ['parameters', 'reason', 'actor', 'note']) await refused(`select ${column} from ledger.requests`)
  for (const column of ['context', 'message', 'key']) await refused(`select ${column} from ledger.dead_letters`)
  await refused('select report from ledger.passes')
  await refused('create table grafana.mine (x integer)')
})

test('whole tables that an earlier reader.sql gave are taken back', async () => {
  await sql.unsafe(`grant select on ledger.runs to ${READER}`)
  await sql.unsafe(readerStatements(READER))

  await assert.rejects(asReader('select log_tail from ledger.runs'), { code: '42501' })
  assert.ok((await asReader('select id, outcome from ledger.runs')).length > 0)
  const columns = (await asReader('select * from grafana.run_errors')).columns.map(({ name }) => name)
  assert.deepEqual(columns, ['run_id', 'job', 'place', 'code', 'kind', 'message'])
})

test('provisioning takes address and password from the environment and the role that reader.sql makes', () => {
  const read = (name: string) => readFileSync(new URL(`provisioning/${name}/matchday.yml`, FOLDER), 'utf8')
  const { datasources } = parse(read('datasources')) as { datasources: Record<string, Record<string, unknown>>[] }
  const [source] = datasources

  assert.equal(source?.['type'], SOURCE.type)
  assert.equal(source?.['user'], 'matchday_reader')
  assert.equal(source?.['secureJsonData']?.['password'], '$MATCHDAY_READER_PASSWORD')
  const { providers } = parse(read('dashboards')) as { providers: { options: { path: string } }[] }
  assert.equal(providers[0]?.options.path, '$MATCHDAY_DASHBOARDS')
})
