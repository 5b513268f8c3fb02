// What a browser may load and run on a page: the site's own files, and the scripts in the page that the build put there. Text
// that came from outside and was not escaped would stay text.

import { createHash } from 'node:crypto'

/** By the standard 'self' names nothing where a page was opened from a file; over HTTP no browser loads `file:`. */
const OWN = "'self' file:"

/** For a `Content-Security-Policy`, which holds for what comes after it. Inline scripts are told by their text. */
export function policyOf(inlineScripts: readonly string[] = []): string {
  const hashes = inlineScripts.map((text) => ` 'sha256-${createHash('sha256').update(text).digest('base64')}'`)
  return [
    "default-src 'none'",
    `script-src ${OWN}${hashes.join('')}`,
    // Bars say their share in an attribute.
    `style-src ${OWN} 'unsafe-inline'`,
    `img-src ${OWN} data:`,
    "form-action 'self'",
    "base-uri 'none'",
  ].join('; ')
}
