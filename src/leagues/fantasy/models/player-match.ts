// Matches players between sources: each has ids of its own, so a player is found by his name, his position and, where two share both, his
// team.

import type { Position } from '../stats.ts'

export interface Named {
  readonly playerId: string
  readonly name: string
  readonly position: Position
  /** A franchise's code of today. */
  readonly team: string
}

/** Finds players by name; undefined when nobody, or more than one, fits. Of several seasons' entries of a player, pass the
 *  newest last. */
export function createPlayerFinder(players: readonly Named[]) {
  const byName = new Map<string, Map<string, Named>>()
  for (const player of players) {
    const key = nameKey(player.name, player.position)
    byName.set(key, (byName.get(key) ?? new Map<string, Named>()).set(player.playerId, player))
  }
  return (wanted: Omit<Named, 'playerId'>): Named | undefined => {
    const found = [...(byName.get(nameKey(wanted.name, wanted.position))?.values() ?? [])]
    if (found.length <= 1) return found[0]
    const ofTeam = found.filter((player) => player.team === wanted.team)
    return ofTeam.length === 1 ? ofTeam[0] : undefined
  }
}

/** `Marvin Harrison Jr.` is `Marvin Harrison`, `D.J. Moore` is `DJ Moore`. */
export function nameKey(name: string, position: Position): string {
  const plain = name.normalize('NFD').toLowerCase().replace(/\b(?:jr|sr|ii|iii|iv|v)\b\.?/g, '').replace(/[^a-z]/g, '') // prettier-ignore
  return `${plain} ${position}`
}
