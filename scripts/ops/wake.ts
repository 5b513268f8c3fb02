// Wakes ops-watch after what only it can do, and says what happens next: now, or by whom and when.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { WATCH_WORKFLOW } from '../../src/app.ts'
import { JobFailure } from '../../src/core/errors.ts'
import { sayInstant } from '../../src/core/wording.ts'
import { isOnActions, type Env } from '../../src/lib/env.ts'
import type { RunnerParts } from '../../src/runner/types.ts'
import { nextDue } from '../../src/schedule/cron.ts'
import { parseYamlFile } from '../../src/schedule/workflow-yaml.ts'
import { readSchedules, toWorkflow } from '../../src/schedule/workflow.ts'

const FOLDER = '.github/workflows'

export interface Place {
  readonly env: Env
  readonly projectRoot: string
}

/** One sentence about who does what was asked for (`starts it`), and when. */
export async function wakeWatch(
  does: string,
  { poke, now }: Pick<RunnerParts, 'poke' | 'now'>,
  { env, projectRoot }: Place,
): Promise<string> {
  if (poke === undefined && env.DATABASE_URL === undefined)
    return `npm run watch ${does}; on this machine nobody else does.`
  const own = await findOwnLine(projectRoot, now)
  const otherwise = `its next pass ${does}: ${own === undefined ? 'its own cron line brings one' : `its own cron line names ${sayInstant(own)}, and GitHub may be late`}`
  if (poke === undefined) {
    const why = isOnActions(env) ? 'this step has no GITHUB_TOKEN' : 'this machine has no token for GitHub'
    return `Nobody woke ops-watch, because ${why}: ${otherwise}; npm run watch looks at once.`
  }
  try {
    await poke()
    return `ops-watch was woken and ${does} now.`
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error
    return `ops-watch could not be woken: ${error.message} Start Actions → ops-watch → Run workflow; otherwise ${otherwise}.`
  }
}

/** When the workflow's own line names its next pass; undefined where the file cannot be read. */
async function findOwnLine(root: string, now: Date): Promise<Date | undefined> {
  const file = `${FOLDER}/${WATCH_WORKFLOW}`
  const text = await readFile(join(root, file), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const lines = readSchedules(toWorkflow(parseYamlFile(file, text)), () => undefined)
  const moments = lines.flatMap((line) => nextDue(line, now) ?? [])
  return moments.sort((a, b) => a.getTime() - b.getTime())[0]
}
