// Workflow files as GitHub reads them, as far as these tests run them.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { parse } from 'yaml'

export interface WorkflowFile {
  /** `nfl-bronze.yml` */
  readonly file: string
  readonly name: string
  readonly on: {
    readonly push?: { readonly branches?: string[]; readonly paths?: string[] } | null
    readonly schedule?: readonly { readonly cron: string; readonly timezone?: string }[]
    readonly workflow_run?: { readonly workflows: string[]; readonly types?: string[]; readonly branches?: string[] }
    readonly workflow_dispatch?: { readonly inputs?: Record<string, InputFile> } | null
  }
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress'?: boolean }
  readonly jobs: Readonly<Record<string, JobFile>>
}

interface InputFile {
  readonly type?: string
  readonly default?: unknown
}

export interface JobFile {
  readonly name?: string
  readonly if?: unknown
  readonly needs?: string | string[]
  readonly permissions?: Readonly<Record<string, 'read' | 'write'>>
  readonly outputs?: Readonly<Record<string, string>>
  readonly environment?: { readonly name: string; readonly url?: string }
  readonly steps: readonly StepFile[]
}

export interface StepFile {
  readonly id?: string
  readonly name?: string
  readonly if?: unknown
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, unknown>>
}

export interface ActionFile {
  readonly inputs?: Readonly<Record<string, { readonly default?: unknown }>>
  readonly outputs?: Readonly<Record<string, { readonly value: string }>>
  readonly runs: { readonly steps: readonly StepFile[] }
}

/** All workflow files of a checkout. */
export function readWorkflows(root: string): WorkflowFile[] {
  const folder = join(root, '.github/workflows')
  return readdirSync(folder).map((file) => {
    const parsed = parse(readFileSync(join(folder, file), 'utf8')) as Omit<WorkflowFile, 'file'>
    return { ...parsed, file }
  })
}

/** A composite action of the checkout: `./.github/actions/run-job`. */
export function readAction(root: string, uses: string): ActionFile {
  return parse(readFileSync(join(root, uses, 'action.yml'), 'utf8')) as ActionFile
}

/** The inputs of a dispatch as the run sees them: typed, with the defaults of what was left out. */
export function inputsOf(workflow: WorkflowFile, given: Readonly<Record<string, string>>): Record<string, unknown> {
  const declared = Object.entries(workflow.on.workflow_dispatch?.inputs ?? {})
  return Object.fromEntries(
    declared.map(([name, { type, default: standard }]) => {
      const value = given[name] ?? standard ?? (type === 'boolean' ? false : '')
      return [name, type === 'boolean' ? String(value) === 'true' : value]
    }),
  )
}
