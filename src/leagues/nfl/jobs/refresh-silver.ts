// Silver's own code: clean every game whose bronze changed. nfl/predict and nfl/results call it after they landed a file.

import type { FailedItem, JobContext } from '../../../core/job.ts'
import { countBronzeGames, findNewestFile } from '../lake/bronze-games.ts'
import { cleanGame, gameFingerprint, type CleanGame } from '../lake/clean-game.ts'
import { listStaleGames, listUnscoredGames, saveGames, type StaleGame } from '../lake/silver-games.ts'

const HOUR = 3_600_000
// A game lasts under four hours; nflverse has its score within minutes. One hour more for both.
const OVER_AFTER_MS = 5 * HOUR
// Without a score for so long it was postponed or called off; waiting for it would stop everything.
const POSTPONED_AFTER_MS = 72 * HOUR

/** Cleans what changed and writes the rows that came out different. Returns the games that break rules: they keep the row
 *  they had, if any, and stop nobody else. */
export async function refreshSilver(ctx: JobContext<object>): Promise<FailedItem[]> {
  const [stale, total] = await Promise.all([listStaleGames(ctx.lake.sql), countBronzeGames(ctx.lake.sql)])
  const broken: FailedItem[] = []
  const changed: (CleanGame & { bronze_revision: number; fingerprint: string })[] = []
  for (const game of stale) {
    const clean = cleanGame(game.cells, ctx.now)
    if ('problems' in clean) {
      broken.push(brokenGame(game, clean.problems))
      continue
    }
    const fingerprint = gameFingerprint(clean.game)
    if (fingerprint !== game.fingerprint) changed.push({ ...clean.game, bronze_revision: game.revision, fingerprint })
  }
  const simulated = await isSimulated(ctx)
  await ctx.lake.write((tx) => saveGames(tx, changed, { runId: ctx.runId, asOf: ctx.now, simulated }))
  ctx.count('clean game', { read: total, written: changed.length, skipped: total - changed.length - broken.length })
  return broken
}

/** Says on the run whether the lake holds simulated games, and returns it. Real and simulated ones are never mixed. */
export async function isSimulated(ctx: JobContext<object>): Promise<boolean> {
  const file = await findNewestFile(ctx.lake.sql, 'nflverse')
  if (file?.simulated) ctx.markSimulated()
  return file?.simulated ?? false
}

/** Why the scores are not all there yet, as a sentence; undefined when no game that should be over lacks its score. */
export async function missingScores(ctx: JobContext<object>): Promise<string | undefined> {
  const before = (ms: number) => new Date(ctx.now.getTime() - ms)
  const games = await listUnscoredGames(ctx.lake.sql, before(POSTPONED_AFTER_MS), before(OVER_AFTER_MS))
  if (games.length === 0) return undefined
  const names = games.slice(0, 3).map((game) => `${game.gameId} (kick-off ${game.kickoffAt.toISOString()})`)
  const more = games.length > 3 ? ` and ${games.length - 3} more` : ''
  return `nflverse has no score yet for ${names.join(', ')}${more}`
}

function brokenGame(game: StaleGame, problems: readonly string[]): FailedItem {
  return {
    kind: 'clean game',
    key: game.gameId,
    code: 'broken_rules',
    message: `${game.gameId} breaks ${problems.length === 1 ? 'a rule' : 'rules'} of silver: ${problems.join('; ')}`,
  }
}
