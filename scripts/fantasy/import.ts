// The door to fantasy/import: Actions and a laptop come in here.
import { door } from '../door.ts'

await door('fantasy/import')
