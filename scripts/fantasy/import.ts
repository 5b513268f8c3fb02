// The door to fantasy/import: Actions and a laptop come in here.
import { fantasyImport } from '../../src/leagues/fantasy/jobs/import.ts'
import { door } from '../door.ts'

await door(fantasyImport)
