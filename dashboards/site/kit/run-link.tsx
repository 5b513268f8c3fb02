// A link to a run, and only its words where the site knows nothing of that run any more.

import type { ComponentChildren } from 'preact'

import type { ViewContext } from '../../../src/views/context.ts'
import { runLink } from './links.ts'

export interface RunLinkProps {
  readonly site: ViewContext
  /** Of the page it stands on: see rootOf. */
  readonly root: string
  readonly id: string
  readonly mono?: boolean
  readonly children: ComponentChildren
}

export function RunLink({ site, root, id, mono = false, children }: RunLinkProps) {
  const href = runLink(site, root, id)
  const look = mono ? 'mono' : undefined
  return href === undefined ? <span class={look}>{children}</span> : <a class={look} href={href}>{children}</a> // prettier-ignore
}
