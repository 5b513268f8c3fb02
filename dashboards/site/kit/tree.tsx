// Things that follow from one another, as a nested list: the attempts of a chain.

import type { ComponentChildren } from 'preact'

export interface Node {
  readonly id: string
  /** Of another node; one that is not among them makes this a root. */
  readonly parent: string | undefined
  readonly content: ComponentChildren
}

/** Roots in their order, children below their parents. */
export function Tree({ nodes }: { nodes: readonly Node[] }) {
  const known = new Set(nodes.map(({ id }) => id))
  const isRoot = ({ id, parent }: Node) => parent === undefined || parent === id || !known.has(parent)
  return <Branch nodes={nodes.filter(isRoot)} all={nodes.filter((node) => !isRoot(node))} />
}

function Branch({ nodes, all }: { nodes: readonly Node[]; all: readonly Node[] }) {
  if (nodes.length === 0) return null
  return (
    <ol class="tree">
      {nodes.map(({ id, content }) => (
        <li>
          {content}
          <Branch nodes={all.filter(({ parent }) => parent === id)} all={all.filter(({ parent }) => parent !== id)} />
        </li>
      ))}
    </ol>
  )
}
