// Replays the NFL: a week on nflverse's games as they were at each instant, and its predictions beside the results.

import type { LeagueReplay } from '../../../core/league-replay.ts'
import { sayPlace } from '../../../core/wording.ts'
import { toWeek, ZONE } from '../calendar.ts'
import { listCard } from '../lake/card.ts'
import { sayCard } from './card-text.ts'
import { findGames } from './games.ts'
import { chooseWeek, readNamedWeek, weekFrom } from './week.ts'

const SIMULATED = 'Everything below is simulated: no such games were played.'
const CLOSING = 'Betting lines: nflverse keeps only the last line of a game, so this replay sees closing lines early.'

export const replay: LeagueReplay = {
  options: ['season', 'week'],
  help: '--season 2024 --week 12   which NFL week; the last complete week of the data by default',
  source: 'nflverse',
  sourceHelp: "nflverse's games.csv from elsewhere; live nflverse by default (or NFLVERSE_URL)",
  async find(wish) {
    const named = readNamedWeek(wish.named)
    const games = await findGames(wish)
    const { period, window } = wish.from ? weekFrom(wish.from) : chooseWeek(named, games.completeWeeks)
    return { period, window, file: games, title: games.title, caveat: games.simulated ? SIMULATED : CLOSING }
  },
  async sayEnd(sql, { period, file }) {
    const label = file.simulated ? ' (SIMULATED: no such games were played)' : ''
    const card = await listCard(sql, toWeek(period))
    return `Predictions of ${period.key} beside the results${label}, ${sayPlace(ZONE)} time\n${sayCard(card)}`
  },
}
