// What the pages do once they are in a browser: the theme that is remembered, times kept true, tables that sort, the banner
// of a stale site. All of it is extra: without it every page says the same.

import { keepTimesTrue, tellStaleness } from './times.ts'
import { receiveShards } from './shards.ts'
import { makeTablesSortable } from './sort.ts'
import { offerThemes } from './theme.ts'

receiveShards()
offerThemes(document)
keepTimesTrue(document)
tellStaleness(document)
makeTablesSortable(document)
