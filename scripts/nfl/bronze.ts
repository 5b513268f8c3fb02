// The door to nfl/bronze: Actions, a laptop and the replay all come in here.
import { nflBronze } from '../../src/leagues/nfl/jobs/bronze.ts'
import { door } from '../door.ts'

await door(nflBronze)
