// Bronze's own code: fetch games.csv and land what is new in it. nfl/predict and nfl/results call it too, so that they work
// on fresh lines and scores.

import { DataFailure } from '../../../core/errors.ts'
import type { JobContext } from '../../../core/job.ts'
import { findNewestFile, landGameRows, recordFile, type LandedFile, type Landing } from '../lake/bronze-games.ts'
import { fetchGames, type ReceivedGames } from '../sources/nflverse/games.ts'

const SOURCE = 'nflverse'

/** Lands the provider's table; when it is what was landed last, nothing is written and every row counts as skipped.
 *  Throws SourceFailure or DataFailure, and then nothing was written either. */
export async function landGames(ctx: JobContext<object>): Promise<void> {
  const known = await findNewestFile(ctx.lake.sql, SOURCE)
  const { sourceUrls, signal } = ctx
  const received = await ctx.attempt('fetch games', () => fetchGames({ address: sourceUrls[SOURCE], known, signal }))
  if (known !== undefined && (received.kind === 'unchanged' || received.hash === known.hash)) {
    if (known.simulated) ctx.markSimulated()
    ctx.count('game', { read: known.rowCount, skipped: known.rowCount })
    ctx.note('games', `unchanged: ${known.rowCount} same`)
    return
  }
  if (received.kind === 'unchanged')
    throw new DataFailure(`${SOURCE} says that nothing changed, but nothing was landed yet`)
  if (known !== undefined && known.simulated !== received.simulated) throw wouldMix(received, known)
  if (received.simulated) ctx.markSimulated()
  tellLostColumns(received, known, ctx)
  const landing = await ctx.span('land games', () => land(received, ctx))
  ctx.count('game', { read: received.rows.length, written: landing.new + landing.changed, skipped: landing.same })
  ctx.note('games', `${landing.new} new, ${landing.changed} changed, ${landing.same} same`)
}

async function land(received: ReceivedGames, ctx: JobContext<object>): Promise<Landing> {
  const stamp = { runId: ctx.runId, asOf: ctx.now, simulated: received.simulated }
  const file = { ...received, source: SOURCE, rowCount: received.rows.length }
  return await ctx.lake.write(async (tx) => {
    const landing = await landGameRows(tx, received.rows, stamp)
    await recordFile(tx, file, stamp)
    return landing
  })
}

/** A column that a file before had may have been renamed. What it held is kept, but nothing new comes in by it. */
function tellLostColumns(received: ReceivedGames, known: LandedFile | undefined, ctx: JobContext<object>): void {
  const lost = (known?.columns ?? []).filter((column) => !received.columns.includes(column))
  if (lost.length === 0) return
  ctx.note('columns that the file no longer has', lost.join(', '))
  ctx.log.warn(`${SOURCE} sent games.csv without columns that it had before: their last known cells are kept`, {
    columns: lost.join(', '),
  })
}

function wouldMix(received: ReceivedGames, known: LandedFile): DataFailure {
  const [has, sent] = known.simulated ? ['simulated', 'real'] : ['real', 'simulated']
  return new DataFailure(
    `${SOURCE} sent ${sent} games from ${received.address}, but this database holds ${has} ones: nothing was landed. Use another database, or the source that it was filled from.`,
    { code: 'simulated_mix', context: { source: SOURCE } },
  )
}
