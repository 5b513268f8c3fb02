// The door to nfl/predict: Actions, a laptop and the replay all come in here.
import { nflPredict } from '../../src/pipelines/nfl/predict.ts'
import { door } from '../door.ts'

await door(nflPredict)
