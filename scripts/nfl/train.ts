// The door to nfl/train: Actions, a laptop and the replay all come in here.
import { nflTrain } from '../../src/leagues/nfl/jobs/train.ts'
import { door } from '../door.ts'

await door(nflTrain)
