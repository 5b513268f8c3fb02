// The 32 franchises, their codes of today (nflverse's), and the codes they had or have elsewhere.

export const FRANCHISES = [
  'ARI', 'ATL', 'BAL', 'BUF', 'CAR', 'CHI', 'CIN', 'CLE', 'DAL', 'DEN', 'DET', 'GB', 'HOU', 'IND', 'JAX', 'KC',
  'LA', 'LAC', 'LV', 'MIA', 'MIN', 'NE', 'NO', 'NYG', 'NYJ', 'PHI', 'PIT', 'SEA', 'SF', 'TB', 'TEN', 'WAS',
] as const // prettier-ignore

const OTHER_CODES: Readonly<Record<string, string>> = {
  OAK: 'LV', // moved in 2020
  SD: 'LAC', // moved in 2017
  STL: 'LA', // moved in 2016
  LAR: 'LA',
  WSH: 'WAS', // ESPN
  JAC: 'JAX',
  ARZ: 'ARI',
  BLT: 'BAL',
  CLV: 'CLE',
  HST: 'HOU',
  SL: 'LA',
  GNB: 'GB', // Pro-Football-Reference from here on
  KAN: 'KC',
  NWE: 'NE',
  NOR: 'NO',
  SFO: 'SF',
  TAM: 'TB',
  LVR: 'LV',
}

const KNOWN = new Set<string>(FRANCHISES)

/** The franchise behind a code of any year, or undefined for a code we have never seen. */
export function findFranchise(code: string): string | undefined {
  const today = OTHER_CODES[code] ?? code
  return KNOWN.has(today) ? today : undefined
}
