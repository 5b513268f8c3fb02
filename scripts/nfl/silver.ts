// The door to nfl/silver: Actions, a laptop and the replay all come in here.
import { nflSilver } from '../../src/leagues/nfl/jobs/silver.ts'
import { door } from '../door.ts'

await door(nflSilver)
