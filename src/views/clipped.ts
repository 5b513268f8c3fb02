// A row of the ledger may be of any length, a page may not.

import { clip } from '../core/markup.ts'
import { mapTexts } from './texts.ts'

/** The same value with every text in it, names of fields too, cut to `most` UTF-16 units. */
export function clipped<Value>(value: Value, most: number): Value {
  return mapTexts(value, (text) => clip(text, most))
}
