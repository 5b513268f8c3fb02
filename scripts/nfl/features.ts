// The door to nfl/features: Actions, a laptop and the replay all come in here.
import { nflFeatures } from '../../src/leagues/nfl/jobs/features.ts'
import { door } from '../door.ts'

await door(nflFeatures)
