// A period: what a slot is about. Always a pure calendar function of an instant, stored, never worked out from data.

/** What a key is made of is its league's business. */
export interface Period {
  /** Unique within the job's pipeline, in time order, and what people see: `2024-W12`, `2026-11-22`. */
  readonly key: string
  /** The season that it belongs to, for the gate of seasonal jobs; null: none. */
  readonly season: number | null
}
