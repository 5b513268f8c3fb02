// Where the links of a page lead within the site.

/** The addresses within the site that a page names. */
export function linksOf(html: string): string[] {
  const all = [...html.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, address = '']) => address.replaceAll('&amp;', '&'))
  return [...new Set(all)].filter((address) => !/^([a-z]+:|\/\/)/i.test(address))
}
