// How far fantasy projections were off: sources as mean errors only, players by our own projections alone.

import { EstimateText } from '../../../../dashboards/site/kit/interval.tsx'
import { sayPoints, saySigned } from '../../../../dashboards/site/kit/numbers.ts'
import { Table } from '../../../../dashboards/site/kit/table.tsx'
import type { PagePart } from '../../../core/league.ts'
import { sayCount } from '../../../core/wording.ts'
import { readProjectionErrors, type PlayerMiss, type ProjectionErrors } from './projection-errors.ts'

export const part: PagePart<ProjectionErrors | undefined> = {
  read: readProjectionErrors,
  render: (fantasy) => <Fantasy fantasy={fantasy} />,
}

/** The section, or a sentence saying what will be here. */
function Fantasy({ fantasy }: { fantasy: ProjectionErrors | undefined }) {
  return (
    <section aria-labelledby="fantasy">
      <h2 id="fantasy">Fantasy projections</h2>
      {fantasy === undefined ? (
        <p class="empty">
          No projection has met its points yet. fantasy/import projects the coming week on Tuesday and looks back on it
          a week later.
        </p>
      ) : (
        <Errors fantasy={fantasy} />
      )}
    </section>
  )
}

function Errors({ fantasy }: { fantasy: ProjectionErrors }) {
  const { season, sources, weeks, lastWeek, above, below } = fantasy
  const players = sources[0]?.error?.n ?? 0
  return (
    <>
      <p>{sayErrors(fantasy)}</p>
      <div class="columns dense">
        <Table
          caption={`${season}: mean absolute error in PPR points, 95 % intervals`}
          rows={sources}
          empty="No projection has met its points yet."
          columns={[
            { head: 'whose', cell: ({ name }) => name },
            { head: 'off by', right: true, cell: ({ error }) => <EstimateText estimate={error} say={sayPoints} /> },
            { head: 'player weeks', right: true, cell: ({ error }) => sayCount(error?.n ?? 0) },
            { head: 'before', right: true, weight: 2, cell: ({ foresight }) => sayCount(foresight) },
          ]}
        />
        <Misses title={`Week ${lastWeek}: scored more than we expected`} misses={above} />
        <Misses title={`Week ${lastWeek}: scored less than we expected`} misses={below} />
      </div>
      <details>
        <summary>By week, {sayCount(players)} player weeks of whom every source expected points</summary>
        <Table
          caption="Mean absolute error in PPR points by week"
          rows={weeks}
          empty="No week yet."
          columns={[
            { head: 'week', right: true, cell: ({ week }) => week },
            { head: 'players', right: true, cell: ({ players: n }) => sayCount(n) },
            ...sources.map(({ name }, i) => ({
              head: name,
              right: true,
              cell: ({ errors }: ProjectionErrors['weeks'][number]) =>
                Number.isFinite(errors[i]) ? sayPoints(errors[i] ?? 0) : '–',
            })),
          ]}
        />
      </details>
    </>
  )
}

/** The intervals stand in the table below it. */
function sayErrors({ season, sources }: ProjectionErrors): string {
  const said = sources.flatMap(({ name, error }) => (error ? [{ name, error: sayPoints(error.value) }] : []))
  const [first, ...others] = said
  if (first === undefined) return `No projection of ${season} has met its points yet.`
  const rest = others.map(({ name, error }) => `, ${error} (${name})`).join('')
  return `Projections of ${season} miss by ${first.error} PPR points a player week on average (${first.name})${rest}.`
}

function Misses({ title, misses }: { title: string; misses: readonly PlayerMiss[] }) {
  return (
    <Table
      caption={title}
      rows={misses}
      empty={`${title}: nobody.`}
      columns={[
        { head: 'player', cell: ({ name, position, team }) => `${name}, ${position} ${team}` },
        { head: 'expected', right: true, cell: ({ expected }) => expected.toFixed(1) },
        { head: 'scored', right: true, cell: ({ scored }) => scored.toFixed(1) },
        { head: 'off', right: true, cell: ({ expected, scored }) => saySigned(scored - expected, 1) },
      ]}
    />
  )
}
