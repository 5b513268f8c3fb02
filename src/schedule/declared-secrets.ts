// Secrets as they are declared, against the workflow files that hand them on, in both directions: what the program needs is
// declared in lib/env.ts, the key of a source in its league, and a job is given the keys of its own sources alone. Pure.

import type { LeagueSource } from '../core/league.ts'
import { SECRETS } from '../lib/env.ts'
import type { CatalogReading, JobFacts } from './catalog.ts'
import { tableBelow, withTableBelow } from './markdown-table.ts'
import { runsScript } from './secret-rules.ts'
import { jobsOf, nodeAt, textOf, type Problem, type YamlNode } from './workflow-yaml.ts'
import type { Workflow } from './workflow.ts'

const FILE = '.github/SECURITY.md'
const HEADING = '## The secrets'
const COLUMNS = ['secret', 'what it is', 'workflows that hand it to a script']

/** What jobs and workflows are held against. */
export interface Declarations {
  readonly jobs: readonly JobFacts[]
  readonly sources: readonly Pick<LeagueSource, 'name' | 'key'>[]
}

interface Secret {
  readonly name: string
  /** What it is, for people. */
  readonly is: string
  /** The workflows that hand it to their script, and no others do; undefined: any may. */
  readonly holders: readonly string[] | undefined
}

/** A secret where a workflow names it. */
interface Handed {
  readonly name: string
  readonly line: number
  /** In the env of a step that runs a script of ours, under its own name. */
  readonly toScript: boolean
}

/** Secrets that nobody declares, that go where they are not needed, or do not go where they are. */
export function declaredProblems(reading: CatalogReading, declared: Declarations): Problem[] {
  const secrets = declaredSecrets(reading, declared)
  return reading.workflows.flatMap((workflow) => {
    const handed = handedBy(workflow)
    return [
      ...handed.flatMap((one) => strangerProblem(workflow, secrets, one)),
      ...secrets.flatMap((secret) => holderProblem(workflow, secret, handed)),
    ]
  })
}

function strangerProblem({ file }: Workflow, secrets: readonly Secret[], { name, line }: Handed): Problem[] {
  if (secrets.some((secret) => secret.name === name)) return []
  const message = `names the secret ${name}, which nobody declares; expected it in src/lib/env.ts, or as the key of a source in its league's league.ts`
  return [{ file, line, message }]
}

function holderProblem(workflow: Workflow, { name, is, holders }: Secret, handed: readonly Handed[]): Problem[] {
  const { file, scripts } = workflow
  const found = handed.find((one) => one.name === name)
  if (holders === undefined) return []
  if (!holders.includes(workflow.name)) {
    const message = `hands on ${name} (${is}), which nothing here needs; expected it in no other workflow than ${holders.join(', ') || 'that of a job which names its source'}`
    return found ? [{ file, line: found.line, message }] : []
  }
  if (handed.some((one) => one.name === name && one.toScript)) return []
  const message = `does not hand on ${name} (${is}); expected ${name}: \${{ secrets.${name} }} in the env of the step that runs its script`
  return [{ file, line: found?.line ?? scripts[0]?.line ?? 1, message }]
}

/** SECURITY.md with its table of secrets as it follows from all this: `npm run generate` writes it. */
export function withSecretsTable(security: string, reading: CatalogReading, declared: Declarations): string {
  const rows = declaredSecrets(reading, declared).map(({ name, is }) => {
    const holders = reading.workflows.filter((workflow) => handedBy(workflow).some((secret) => secret.name === name))
    return [`\`${name}\``, is, sayWho(holders, reading)]
  })
  return withTableBelow(security, HEADING, [COLUMNS, ...rows])
}

/** Is SECURITY.md's table another one? */
export function securityProblems(security: string, reading: CatalogReading, declared: Declarations): Problem[] {
  if (withSecretsTable(security, reading, declared) === security) return []
  const line = (tableBelow(security, HEADING)?.first ?? 0) + 1
  const message =
    'its table of secrets is not what is declared and handed on; expected the one that npm run generate writes'
  return [{ file: FILE, line, message }]
}

function declaredSecrets({ catalog }: CatalogReading, { jobs, sources }: Declarations): Secret[] {
  const ours = Object.entries<{ is: string; only?: string }>(SECRETS)
  const workflowOf = ({ id }: JobFacts) => catalog.jobs.find((job) => job.id === id)?.workflow ?? []
  return [
    ...ours.map(([name, { is, only }]) => ({ name, is, holders: only === undefined ? undefined : [only] })),
    ...sources.flatMap(({ name, key }) => {
      const users = jobs.filter((job) => job.sources?.includes(name))
      return key ? [{ name: key, is: `the key of the source ${name}`, holders: users.flatMap(workflowOf) }] : []
    }),
  ]
}

/** `every job, ops-watch`. */
function sayWho(holders: readonly Workflow[], { catalog }: CatalogReading): string {
  const isJob = ({ name }: Workflow) => catalog.jobs.some(({ workflow }) => workflow === name)
  const ofJobs = holders.filter(isJob)
  const all = ofJobs.length > 1 && ofJobs.length === catalog.jobs.length
  const named = (some: readonly Workflow[]) => some.map(({ name }) => `\`${name}\``)
  return [...(all ? ['every job'] : named(ofJobs)), ...named(holders.filter((one) => !isJob(one)))].join(', ') || 'none'
}

function handedBy({ yaml }: Workflow): Handed[] {
  return jobsOf(yaml).flatMap(([, job]) => {
    const steps = (nodeAt(job, 'steps')?.items ?? []).filter(runsScript)
    const toScripts = steps.flatMap((step) =>
      [...(nodeAt(step, 'env')?.keys ?? [])].flatMap(([variable, node]) =>
        secretsIn(node).flatMap(({ name }) => (name === variable ? [name] : [])),
      ),
    )
    return secretsIn(job).map((secret) => ({ ...secret, toScript: toScripts.includes(secret.name) }))
  })
}

/** Those that a node or anything below it names, as `secrets.NAME`, `secrets['NAME']` or `github.token`. */
function secretsIn(node: YamlNode): { name: string; line: number }[] {
  const text = textOf(node) ?? ''
  const named = [...text.matchAll(/\bsecrets\s*(?:\.\s*(\w+)|\[\s*'(\w+)'\s*\])|\bgithub\s*\.\s*token\b/gi)]
  const here = named.map(([, a, b]) => ({ name: (a ?? b ?? 'GITHUB_TOKEN').toUpperCase(), line: node.line }))
  return [...here, ...[...node.items, ...node.keys.values()].flatMap(secretsIn)]
}
