// Defines what a provider allows to be done with its data.

/** What a provider's terms let a site show, as they were read. */
export interface Terms {
  /** rows: as received or cleaned; figures: only what we worked out of them, such as an average error; nothing. */
  readonly may: 'rows' | 'figures' | 'nothing'
  /** The terms as a person reads them: `personal use only: no projection of theirs is shown`. */
  readonly say: string
  /** Who is named, with the licence, on every page that shows its rows. */
  readonly credit?: Credit
  /** Pages that always show its rows: `predictions.html`. */
  readonly pages?: readonly string[]
}

/** How a provider wants to be named. */
export interface Credit {
  readonly name: string
  readonly url: string
  /** `CC BY 4.0` */
  readonly licence: string
  readonly licenceUrl: string
  /** What of ours comes from it: `Games, line-ups and player weeks`. */
  readonly of: string
}
