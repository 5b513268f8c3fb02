// The door to nfl/predict: Actions, a laptop and the replay all come in here.
import { nflPredict } from '../../src/leagues/nfl/jobs/predict.ts'
import { door } from '../door.ts'

await door(nflPredict)
