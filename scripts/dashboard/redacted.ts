// What may be a secret in a view's texts: a provider's page token looks like one, so that it is hidden rather than refused.

import { withoutRandomValues } from '../../src/lib/secret-shapes.ts'
import { mapTexts } from '../../src/views/texts.ts'

/** Shorter values are none: most texts of a view are such. */
const SHORTEST = 16

/** The view with `***` for what may be a secret, in a text or as the value of a field that is named so. Ids, commits and
 *  addresses stand for themselves and stay. */
export function redacted<View>(view: View): { readonly view: View; readonly replaced: number } {
  let all = 0
  const hide = (text: string, field?: string) => {
    if (text.length < SHORTEST) return text
    const { text: rest, replaced } = withoutRandomValues(text)
    const named = replaced === 0 && field !== undefined && withoutRandomValues(`${field}: ${text}`).replaced > 0
    all += named ? 1 : replaced
    return named ? '***' : rest
  }
  return { view: mapTexts(view, hide), replaced: all }
}
