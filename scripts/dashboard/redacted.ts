// What nobody may read on the site, in a view's texts: what looks like a secret, and where the database is. A provider's page
// token looks like a secret too, so that it is hidden rather than refused.

import { withoutSecretShapes } from '../../src/lib/secret-shapes.ts'
import { mapTexts } from '../../src/views/texts.ts'

/** Shorter values are none: most texts of a view are such. */
const SHORTEST = 16

/** The view with `***` for what may be a secret, in a text or as the value of a field that is named so, and without what
 *  `hide` takes out. Ids, commits and addresses stand for themselves and stay. */
export function redacted<View>(
  view: View,
  hide: (text: string) => string = (text) => text,
): { readonly view: View; readonly replaced: number } {
  let all = 0
  const change = (given: string, field?: string) => {
    const text = hide(given)
    if (text.length < SHORTEST) return text
    const { text: rest, replaced } = withoutSecretShapes(text)
    const named = replaced === 0 && field !== undefined && withoutSecretShapes(`${field}: ${text}`).replaced > 0
    all += named ? 1 : replaced
    return named ? '***' : rest
  }
  return { view: mapTexts(view, change), replaced: all }
}
