// The door to nfl/bronze: Actions, a laptop and the replay all come in here.
import { door } from '../door.ts'

await door('nfl/bronze')
