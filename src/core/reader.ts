// What comes from outside as text (flags, inputs, variables) becomes values by readers: small functions that return the value, or
// what was expected instead. A schema library would be loaded by every door for a dozen of texts.

/** As it arrives: a text, a switch, or nothing. */
export type Given = string | boolean | undefined

/** Something that was given and cannot be read. */
export class Unfit {
  /** What was expected, for the person who gave it. */
  readonly expected: string
  constructor(expected: string) {
    this.expected = expected
  }
}

export type Reader<T> = (given: Given) => T | Unfit
export type Readers = Readonly<Record<string, Reader<unknown>>>
/** The values that readers give, by their names. */
export type ValuesOf<R extends Readers> = { [Name in keyof R]: Exclude<ReturnType<R[Name]>, Unfit> }

/** Reads each name that has a reader, and lists every one that does not fit. */
export function readAll<R extends Readers>(
  readers: R,
  given: Readonly<Record<string, Given>>,
): { values: ValuesOf<R>; problems: { name: string; expected: string }[] } {
  const read = Object.entries(readers).map(([name, reader]) => [name, reader(given[name])] as const)
  const problems = read.flatMap(([name, value]) => (value instanceof Unfit ? { name, expected: value.expected } : []))
  return { values: Object.fromEntries(read.filter(([, value]) => value !== undefined)) as ValuesOf<R>, problems }
}

/** A text without the blanks around it; an empty one was not given. */
export function text(given: Given): string | undefined {
  return typeof given === 'string' ? given.trim() || undefined : undefined
}

/** A text that has a form, or nothing. */
export function textLike(form: RegExp, expected: string): Reader<string | undefined> {
  return (given) =>
    given === undefined || (typeof given === 'string' && form.test(given)) ? given : new Unfit(expected)
}

/** The names of a list with commas, in their order. */
export function toNames(given: string): string[] {
  return given
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
