// run.html?id=...: finds the line of a run without a page in the files of its job, and says what it says.

import { sayWhen } from '../kit/clock.ts'
import { HISTORY_COLUMNS, unpack, type HistoryLine, type PackedLine } from '../kit/history.ts'

import { loadShard } from './shards.ts'
import { builtAt } from './times.ts'

const SIGNS = 8
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Fills the page of an older run, if this is one. */
export function tellOlderRun(page: Document): void {
  const place = page.querySelector<HTMLElement>('#older-run')
  const id = new URLSearchParams(location.search).get('id') ?? ''
  if (!place) return
  if (!ID.test(id)) {
    say(place, 'No run is named in the address of this page: expected run.html?id= and the id of a run.')
    return
  }
  const sql = place.querySelector('.sql')
  if (sql) sql.textContent = (sql.textContent ?? '').replaceAll('<the run>', id)
  void findLine(id).then((found) => {
    if (found === 'unloaded')
      say(place, `What the site keeps of run ${id} could not be loaded: look at your connection, and load this page again.`) // prettier-ignore
    else if (found?.line.page) location.replace(`runs/${id}.html`)
    else if (found) tell(place, found)
    else
      say(
        place,
        `The site tells nothing of run ${id}: it began after the site was built, or it is removed, or it is of another ledger.`,
      )
  })
}

interface Found {
  readonly job: string
  readonly zone: string
  readonly line: HistoryLine
}

/** Undefined: there is no such line. */
async function findLine(id: string): Promise<Found | 'unloaded' | undefined> {
  const index = await loadShard<readonly [shard: string, ids: string, zone: string]>(`runs/find-${id[0] ?? ''}`)
  if (index === undefined) return 'unloaded' // there is one for every first digit
  for (const [shard, ids, zone] of index) {
    if (!hasPrefix(ids, id.slice(0, SIGNS))) continue
    const lines = await loadShard<PackedLine>(shard)
    if (lines === undefined) return 'unloaded'
    const packed = lines.find(([own]) => own === id)
    if (packed) return { job: shard.replace(/^runs\/(.*)-\d+$/, '$1'), zone, line: unpack(packed) }
  }
  return undefined
}

function hasPrefix(ids: string, prefix: string): boolean {
  for (let at = 0; at < ids.length; at += SIGNS) if (ids.startsWith(prefix, at)) return true
  return false
}

function tell(place: HTMLElement, { job, zone, line }: Found): void {
  const page = place.ownerDocument
  const now = builtAt(page)
  const there = (ms: number) => sayWhen({ at: new Date(ms), zone, now, placed: true })
  const list = place.querySelector('dl')
  if (!list) return
  const jobId = job.replace('-', '/')
  const jobLink = page.createElement('a')
  jobLink.href = `jobs/${jobId}.html`
  jobLink.textContent = jobId
  const facts: [string, string | Node][] = [
    ['job', jobLink],
    ...HISTORY_COLUMNS.map((column): [string, string] => {
      const text = column.text(line, there)
      return [column.head === 'run' ? 'started' : column.head, `${column.glyph?.(line).glyph ?? ''} ${text}`.trim()]
    }),
    ...actionsFact(place, line),
    ['run', line.id],
  ]
  for (const [name, value] of facts.filter(([, value]) => value !== '')) {
    const [term, fact] = [page.createElement('dt'), page.createElement('dd')]
    term.textContent = name
    fact.append(value)
    list.append(term, fact)
  }
  list.hidden = false
  place.querySelector('.unfound')?.remove()
  const heading = place.querySelector('h1')
  if (heading) heading.textContent = `${jobId}, ${there(line.startedAt)}: ${line.outcome.replaceAll('_', ' ')}.`
  say(place, 'Spans, tables and log of this run were not kept on the site. This is its line of the history:')
}

function actionsFact(place: HTMLElement, line: HistoryLine): [string, Node][] {
  const repository = place.dataset['repository']
  if (!repository || line.githubRunId === null) return []
  const link = place.ownerDocument.createElement('a')
  link.href = `${repository}/actions/runs/${line.githubRunId}/attempts/${line.githubAttempt ?? 1}`
  link.textContent = 'on GitHub Actions'
  return [['log', link]]
}

function say(place: HTMLElement, words: string): void {
  const found = place.querySelector('.found')
  if (!found) return
  found.textContent = words
  found.classList.remove('empty')
}
