// The door to nfl/features: Actions, a laptop and the replay all come in here.
import { nflFeatures } from '../../src/pipelines/nfl/features.ts'
import { door } from '../door.ts'

await door(nflFeatures)
