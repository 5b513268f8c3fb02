// Items that failed and wait for somebody: a table of dead letters with the command that tries them again.

import { ITEM_RUNS } from '../../../src/core/retry.ts'
import { sayCount, sayList } from '../../../src/core/wording.ts'
import type { ViewContext } from '../../../src/views/context.ts'
import type { OpenLetter } from '../../../src/views/letters.ts'
import { forbiddenBy } from '../sharing.ts'
import { sayCode } from './codes.ts'
import { RunLink } from './run-link.tsx'
import { Table } from './table.tsx'
import { When } from './when.tsx'

export interface LettersProps {
  readonly site: ViewContext
  readonly root: string
  readonly zone: string
  readonly job: string
  readonly count: number
  readonly letters: readonly OpenLetter[]
}

export function LettersTable({ site, root, zone, job, count, letters }: LettersProps) {
  const withheld = forbiddenBy(site, job)
  return (
    <>
      <Table
        caption={
          count > letters.length
            ? `${job}: the newest ${letters.length} of ${sayCount(count)} items that wait`
            : `${job}: items that wait for another try`
        }
        columns={[
          { head: 'item', cell: ({ kind, key }) => <>{kind} {withheld.length === 0 && <code>{key}</code>}</> },
          { head: 'cause', weight: 2, cell: ({ code }) => sayCode(code) },
          { head: 'what happened', cell: ({ message }) => (withheld.length === 0 ? message : `not shown, by the terms of ${sayList(withheld)}`), weight: 2 },
          { head: 'times', weight: 2, right: true, cell: ({ times }) => sayCount(times), sort: ({ times }) => times },
          {
            head: 'last failed',
            cell: ({ failedAt, runId }) => <RunLink site={site} root={root} id={runId}><When at={failedAt} zone={zone} now={site.now} /></RunLink>,
            sort: ({ failedAt }) => failedAt.getTime(),
          },
          { head: 'tried again', cell: ({ retryable, times }) => (retryable && times <= ITEM_RUNS ? 'by itself' : 'by a person'), weight: 2 },
        ]}
        rows={letters}
        empty="No item waits."
      />
      {letters.length > 0 && (
        <p class="small">
          To try them again: <code>{`npm run letters -- retry ${letters.slice(0, 20).map(({ id }) => id).join(',')} --why "..."`}</code>
        </p>
      )}
    </>
  )
} // prettier-ignore
