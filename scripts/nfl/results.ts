// The door to nfl/results: Actions, a laptop and the replay all come in here.
import { nflResults } from '../../src/leagues/nfl/jobs/results.ts'
import { door } from '../door.ts'

await door(nflResults)
