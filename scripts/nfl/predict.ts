// The door to nfl/predict: Actions, a laptop and the replay all come in here.
import { door } from '../door.ts'

await door('nfl/predict')
