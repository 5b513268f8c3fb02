// The rows of a history while it is being made up, table by table.

import type { Chance } from './chance.ts'
import type { Row } from './insert.ts'

export interface Book {
  readonly chance: Chance
  readonly now: Date
  readonly schedules: Row[]
  readonly slots: Row[]
  readonly runs: Row[]
  readonly spans: Row[]
  readonly items: Row[]
  readonly letters: Row[]
  readonly requests: Row[]
}

export function openBook(chance: Chance, now: Date): Book {
  return { chance, now, schedules: [], slots: [], runs: [], spans: [], items: [], letters: [], requests: [] }
}

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export function after(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms)
}
