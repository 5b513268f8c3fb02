// Reads the routes of alerts: which channel is told of what. Without the repository variable ALERT_ROUTES every channel that is set up is told of
// warnings and critical trouble, and GitHub issues of mere information too. ALERT_ROUTES changes that, channel by channel:
//
//   {
//     "channels": {
//       "slack": { "minimum": "critical" },                      what is graver or as grave: info, warning or critical
//       "email": { "except": ["overdue", "stale"] },             causes that it is not told of (see core/incident.ts)
//       "discord": { "subjects": ["nfl/*", "source:nflverse"] }  only these; * stands for any characters
//     },
//     "severities": { "overdue": "info" }                        how grave a cause is, whatever was found
//   }

import { z } from 'zod'

import { ConfigFailure } from '../core/errors.ts'
import { CAUSES, SEVERITIES, type Severity } from '../core/incident.ts'
import type { Health } from '../ledger/deliveries.ts'

import { weigh } from './health.ts'
import { CHANNEL_NAMES } from './index.ts'

const severity = z.enum(SEVERITIES)
const cause = z.enum(CAUSES)

const route = z.strictObject({
  minimum: severity.optional(),
  except: z.array(cause).default([]),
  subjects: z.array(z.string().trim().min(1).max(100)).min(1).optional(),
})

const schema = z.strictObject({
  channels: z.partialRecord(z.enum(CHANNEL_NAMES), route).default({}),
  severities: z.partialRecord(cause, severity).default({}),
})

/** Routes as the variable gives them; what it leaves out is as by default. */
export type Routes = z.infer<typeof schema>

/** What is in force without ALERT_ROUTES. */
export const DEFAULT_ROUTES: Routes = { channels: {}, severities: {} }

/** Where nobody wishes otherwise. An issue is read when somebody looks; everything else asks for attention. */
function defaultMinimum(channel: string): Severity {
  return channel === 'github-issue' ? 'info' : 'warning'
}

/** Reads ALERT_ROUTES; empty means the default. Throws ConfigFailure that lists every problem with its place. */
export function parseRoutes(text: string | undefined): Routes {
  if (!text?.trim()) return DEFAULT_ROUTES
  const parsed = schema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`)
  throw badRoutes(problems.join('; '))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw badRoutes(`it is no JSON (${cause instanceof Error ? cause.message : 'unreadable'})`)
  }
}

function badRoutes(problems: string): ConfigFailure {
  return new ConfigFailure(
    `the repository variable ALERT_ROUTES cannot be used: ${problems}. Its form is at the head of src/alerts/routes.ts.`,
    { code: 'bad_alert_routes' },
  )
}

/** How grave a cause is: as the routes say, or else as it was found. */
export function severityOf(routes: Routes, cause: string, found: Severity): Severity {
  return (routes.severities as Partial<Record<string, Severity>>)[cause] ?? found
}

/** What a flip says of a cause once the routes have spoken: well stays well. */
export function healthOf(routes: Routes, cause: string, found: Health): Health {
  return found === 'well' ? 'well' : severityOf(routes, cause, found)
}

/** A flip as far as its way goes: what the incident has been since it opened, for whoever was told of trouble must be told
 *  that it is over. */
export interface RoutedFlip {
  readonly subject: string
  readonly cause: string
  readonly healths: readonly Health[]
}

/** The channels, of those given, that are to be told of a flip. */
export function channelsFor(flip: RoutedFlip, channels: readonly string[], routes: Routes): string[] {
  const gravest = Math.max(...flip.healths.map((health) => weigh(healthOf(routes, flip.cause, health))))
  return channels.filter((channel) => {
    const wish = (routes.channels as Partial<Record<string, z.infer<typeof route>>>)[channel]
    if (gravest < weigh(wish?.minimum ?? defaultMinimum(channel))) return false
    if (wish?.except.some((cause) => cause === flip.cause)) return false
    return wish?.subjects?.some((pattern) => matches(pattern, flip.subject)) ?? true
  })
}

function matches(pattern: string, subject: string): boolean {
  const parts = pattern.split(/\*+/).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(subject)
}
