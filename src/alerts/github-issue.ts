// One GitHub issue per incident: opened with it, reopened with it within a day, closed with it. The label `acknowledged`,
// set by a person, says that somebody is on it.

import { JobFailure } from '../core/errors.ts'
import { clip, clipEscaped, escapeMarkdown } from '../core/markup.ts'

import type { Message } from './message.ts'
import type { Channel } from './types.ts'

/** What of GitHub's API this channel uses. */
export interface IssueTracker {
  readRepository(): Promise<{ readonly hasIssues: boolean }>
  createIssue(issue: { title: string; body: string; labels: readonly string[] }): Promise<Issue>
  findIssue(number: number): Promise<Issue | undefined>
  updateIssue(number: number, change: { state?: 'open' | 'closed'; title?: string; body?: string }): Promise<void>
  commentOnIssue(number: number, body: string): Promise<void>
}

interface Issue {
  readonly number: number
  readonly labels: readonly string[]
}

const ACKNOWLEDGED = 'acknowledged'

// GitHub's limits: 256 for a title, 65,536 for a body.
const LONGEST_TITLE = 256
const LONGEST_PART = 10_000

export function createGithubIssueChannel(github: IssueTracker): Channel {
  return {
    name: 'github-issue',
    settings: async () => ((await github.readRepository()).hasIssues ? 'on' : 'off'),
    async send(message, { reference, keep }) {
      // An issue that was deleted or moved away is not found: then a new one takes its place.
      const issue = reference === undefined ? undefined : await github.findIssue(Number(reference))
      if (issue === undefined) await begin(github, message, keep)
      else await follow(github, issue.number, message)
    },
  }
}

async function begin(
  github: IssueTracker,
  message: Message,
  keep: (reference: string) => Promise<void>,
): Promise<void> {
  const issue = await github.createIssue({
    title: titleOf(message),
    body: message.health === 'well' ? textOf(message) : `${textOf(message)}\n\n${MANNERS}`,
    labels: message.kind === 'test' ? ['matchday', 'test'] : ['matchday', 'incident', message.incident.severity],
  })
  await keep(String(issue.number))
  if (message.health === 'well') await github.updateIssue(issue.number, { state: 'closed' })
}

/** The state first: it may be set twice, and a comment may not. */
async function follow(github: IssueTracker, number: number, message: Message): Promise<void> {
  await github.updateIssue(
    number,
    message.health === 'well' ? { state: 'closed' } : { state: 'open', title: titleOf(message) },
  )
  await github.commentOnIssue(number, textOf(message))
}

const MANNERS = `This issue is closed when the incident is over, and reopened if it comes back within a day. Add the label \`${ACKNOWLEDGED}\` to say that you are on it.`

function titleOf(message: Message): string {
  return clip(message.headline.replaceAll('@', '@\u200b'), LONGEST_TITLE)
}

function textOf(message: Message): string {
  const sentences = message.sentences.map((sentence) => escapePart(sentence))
  const facts = message.facts.map(({ name, text }) => `| ${escapePart(name)} | ${escapePart(text)} |`)
  const links = message.links.map(({ text, url }) => `[${escapePart(text)}](<${url}>)`)
  return [
    `**${escapePart(message.headline)}**`,
    ...sentences,
    ['| | |', '| --- | --- |', ...facts].join('\n'),
    links.join(' · '),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** GitHub looks for mentions after it has decoded entities, and a mention in an issue sends mail: a sign that no eye sees
 *  parts them from their name. */
function escapePart(text: string): string {
  return clipEscaped(text, LONGEST_PART, (part) => escapeMarkdown(part).replaceAll(/&#(?:64|35);/g, '$&&#8203;'))
}

/** Which open incidents people have acknowledged by the label, out of those given with their issues. What GitHub refuses
 *  comes back as `error`, with what was learnt before it. */
export async function readAcknowledgements(
  github: Pick<IssueTracker, 'findIssue'>,
  open: readonly { readonly incidentId: string; readonly reference: string }[],
): Promise<{ readonly acknowledged: readonly string[]; readonly error: string | undefined }> {
  const acknowledged: string[] = []
  for (const { incidentId, reference } of open) {
    try {
      const issue = await github.findIssue(Number(reference))
      if (issue?.labels.includes(ACKNOWLEDGED)) acknowledged.push(incidentId)
    } catch (error) {
      // Whatever refuses one issue (a rate limit, a missing right) refuses the next as well.
      if (error instanceof JobFailure) return { acknowledged, error: error.message }
      throw error
    }
  }
  return { acknowledged, error: undefined }
}
