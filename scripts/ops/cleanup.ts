// The door to ops/cleanup: Actions and a laptop both come in here.
import { opsCleanup } from '../../src/leagues/ops/jobs/cleanup.ts'
import { door } from '../door.ts'

await door(opsCleanup)
