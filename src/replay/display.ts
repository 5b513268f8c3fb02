// The progress of a replay: in a terminal a table that stays in place, otherwise one plain line per ended run.

import type { JobId } from '../core/job.ts'
import { serves } from '../core/run.ts'
import { glyphOf, sayCount, sayInstant } from '../core/wording.ts'
import type { DoneRun } from '../ledger/replay.ts'
import { say, type Screen } from '../lib/output.ts'
import type { Display } from './drive.ts'
import type { WakeUpEvent } from './plan.ts'

/** The display that fits the output: live on a screen, plain lines in a log or a pipe. */
export function createDisplay(jobs: readonly JobId[], place: { zone: string; screen: Screen | undefined }): Display {
  const { zone, screen } = place
  return screen ? createLiveDisplay(jobs, { zone, screen }) : createPlainDisplay(zone)
}

function createPlainDisplay(zone: string): Display {
  return {
    begin: () => undefined,
    line: () => undefined,
    end: (event, run, { wasDone }) => say(sayEnd(event, run, { wasDone, zone })),
  }
}

function sayEnd(event: WakeUpEvent, run: DoneRun, { wasDone, zone }: { wasDone: boolean; zone: string }): string {
  const items =
    run.written + run.failed > 0
      ? ` · ${sayCount(run.written)} written${run.failed ? `, ${run.failed} failed` : ''}`
      : ''
  const why = run.reason ? ` · ${run.reason}` : ''
  const mark = `${glyphOf(run.outcome)} ${run.outcome}`
  return `${sayWhen(event.at, zone)}  ${event.job.padEnd(14)}${event.trigger.padEnd(10)}${mark.padEnd(13)}${items}${why}${wasDone ? ' · done before' : ''}`
}

const sayWhen = (at: Date, zone: string) =>
  sayInstant(at, zone)
    .replace(/ \d{4} /, ' ')
    .padEnd(27)

interface Row {
  state: string
  when: string
  note: string
}

/** One row a job and a line for what runs now, drawn over itself. */
function createLiveDisplay(jobs: readonly JobId[], { zone, screen }: { zone: string; screen: Screen }): Display {
  const rows = new Map<JobId, Row>(jobs.map((job) => [job, { state: 'due', when: '', note: '' }]))
  const served = new Map<JobId, Row>()
  let head = ''
  let last = ''
  const draw = () => {
    const body = [...rows].map(
      ([job, row]) => `${glyphOf(row.state)} ${job.padEnd(14)}${row.when.padEnd(27)}${row.state.padEnd(11)}${row.note}`,
    )
    screen.redraw([head, ...body, `  ${last}`])
  }
  return {
    begin(event, place) {
      head = `${sayWhen(event.at, zone)}${bar(place.number - 1, place.of)} ${place.number} of ${place.of} wake-ups`
      rows.set(event.job, { state: 'running', when: sayWhen(event.at, zone), note: event.trigger })
      draw()
    },
    line(_event, line) {
      last = line
      draw()
    },
    end(event, run) {
      last = ''
      const before = served.get(event.job)
      if (run.gate === 'nothing_due' && before) {
        // The second to come found the slot served, as it should: what it was served by says more.
        rows.set(event.job, before)
        return draw()
      }
      const note = run.reason ?? (run.written > 0 ? `${sayCount(run.written)} written` : '')
      const row = { state: run.outcome, when: sayWhen(event.at, zone), note }
      rows.set(event.job, row)
      if (serves(run.outcome)) served.set(event.job, row)
      draw()
    },
  }
}

function bar(done: number, of: number): string {
  const width = 24
  const full = Math.round((done / Math.max(1, of)) * width)
  return `${'━'.repeat(full)}${'─'.repeat(width - full)}`
}
