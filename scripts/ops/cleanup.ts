// The door to ops/cleanup: Actions and a laptop both come in here.
import { door } from '../door.ts'

await door('ops/cleanup')
