// Compares healths.

import { SEVERITIES } from '../core/incident.ts'
import type { Health } from '../ledger/deliveries.ts'

/** How grave, as a number to compare: well is least. */
export function weigh(health: Health): number {
  return health === 'well' ? -1 : SEVERITIES.indexOf(health)
}
