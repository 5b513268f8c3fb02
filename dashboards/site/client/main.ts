// What the pages do once they are in a browser: the theme that is remembered, times kept true, tables that sort, the banner
// of a stale site. All of it is extra: without it every page says the same.

import { offerCopies } from './copy.ts'
import { tellOlderRun } from './older-run.ts'
import { offerOlderRuns } from './older-runs.ts'
import { addOwnTimes } from './own-times.ts'
import { keepTimesTrue, tellStaleness } from './times.ts'
import { passDueSlots } from './due-next.ts'
import { moveOn } from './next.ts'
import { receiveShards } from './shards.ts'
import { filterSlots } from './slots.ts'
import { makeTablesSortable } from './sort.ts'
import { offerThemes } from './theme.ts'
import { showPresent } from './timelines.ts'

receiveShards()
offerThemes(document)
moveOn(document)
passDueSlots(document)
keepTimesTrue(document)
tellStaleness(document)
addOwnTimes(document)
makeTablesSortable(document)
offerCopies(document)
showPresent(document)
offerOlderRuns(document)
tellOlderRun(document)
void filterSlots(document, location)
