// Lists overrides of the schedule: pauses and waives in force, and the record of all.

import type { ViewContext } from '../../../../src/views/context.ts'
import type { Override, ScheduleView } from '../../../../src/views/schedule/schedule.ts'
import { RunLink } from '../../kit/run-link.tsx'
import { Table, type Column } from '../../kit/table.tsx'
import { When } from '../../kit/when.tsx'

interface Props {
  readonly site: ViewContext
  readonly view: ScheduleView
}

export function InForce({ site, view }: Props) {
  const columns: Column<Override>[] = [
    { head: 'what', cell: ({ kind }) => (kind === 'pause' ? 'paused' : 'waived') },
    { head: 'job', cell: ({ job }) => sayJob(job) },
    { head: 'until', cell: ({ expiresAt }) => <When at={expiresAt} zone={site.zone} now={site.now} placed />, sort: ({ expiresAt }) => expiresAt.getTime() }, // prettier-ignore
    { head: 'by', cell: ({ actor }) => actor, weight: 2 },
    { head: 'why', cell: ({ reason }) => reason },
  ]
  return (
    <section id="in-force">
      <h2>Paused and waived</h2>
      <Table
        caption="Overrides in force"
        captionHidden
        columns={columns}
        rows={view.inForce}
        empty="Nothing is paused or waived. ops-override does it, with a reason and an end."
      />
    </section>
  )
}

export function Audit({ site, view }: Props) {
  const columns: Column<Override>[] = [
    { head: 'when', cell: ({ createdAt }) => <When at={createdAt} zone={site.zone} now={site.now} />, sort: ({ createdAt }) => createdAt.getTime() }, // prettier-ignore
    { head: 'what', cell: (one) => <Deed site={site} override={one} /> },
    { head: 'job', cell: ({ job }) => sayJob(job) },
    { head: 'by', cell: ({ actor }) => actor },
    { head: 'why', cell: ({ reason }) => reason, weight: 2 },
    { head: 'ended', cell: (one) => <Ended site={site} override={one} />, weight: 2 },
  ]
  return (
    <section id="audit">
      <h2>Who went round the schedule</h2>
      <Table
        caption="The newest 20 pauses, waives and forced runs"
        captionHidden
        columns={columns}
        rows={view.audit}
        empty="Nobody has yet. A pause, a waive or a forced run appears here with who and why."
      />
    </section>
  )
}

const sayJob = (job: string) => (job === '*' ? 'every job' : job)

function Deed({ site, override: { kind, runId, slotDueAt } }: { site: ViewContext; override: Override }) {
  if (kind === 'force' && runId !== undefined)
    return (
      <RunLink site={site} root="" id={runId}>
        ran past the gates
      </RunLink>
    )
  if (kind === 'force') return <>asked for a run past the gates</>
  if (slotDueAt === undefined) return <>{kind === 'pause' ? 'paused' : 'waived'}</>
  return (
    <>
      waived the slot of <When at={slotDueAt} zone={site.zone} now={site.now} />
    </>
  )
}

function Ended({ site, override: { kind, endedAt, endedBy, expiresAt } }: { site: ViewContext; override: Override }) {
  if (kind === 'force') return <>at once</>
  const when = <When at={endedAt ?? expiresAt} zone={site.zone} now={site.now} />
  if (endedAt !== undefined) return <>{when} by {endedBy ?? 'nobody named'}</> // prettier-ignore
  return expiresAt > site.now ? <>in force until {when}</> : <>by itself {when}</>
}
