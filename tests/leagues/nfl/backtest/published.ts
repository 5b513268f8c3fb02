// A season table that another program has worked out from the same games: Brier scores, log-losses and mean absolute errors in
// points. `ours` are the averaged ratings with named starters, without calibration.

export interface PublishedSeason {
  readonly market: number | null
  readonly marketLogLoss: number | null
  readonly marketMargin: number
  readonly marketTotal: number
  readonly elo: number
  readonly eloLogLoss: number
  readonly ours: number
  readonly margin: number
  readonly total: number
}

type Row = readonly [
  season: number,
  market: number | null,
  marketLogLoss: number | null,
  marketMargin: number,
  marketTotal: number,
  elo: number,
  eloLogLoss: number,
  ours: number,
  margin: number,
  total: number,
]

const ROWS: readonly Row[] = [
  [1999, null, null, 10.37, 11.28, 0.2211, 0.6314, 0.2193, 10.26, 11.68],
  [2000, null, null, 10.71, 11.25, 0.2223, 0.6317, 0.2201, 10.57, 11.78],
  [2001, null, null, 10.26, 10.77, 0.2287, 0.6527, 0.227, 10.36, 10.9],
  [2002, null, null, 10.36, 11.31, 0.2241, 0.6398, 0.2233, 10.41, 11.64],
  [2003, null, null, 10.54, 10.56, 0.2209, 0.6329, 0.2207, 10.95, 10.83],
  [2004, null, null, 10.39, 10.78, 0.2235, 0.6375, 0.2209, 10.55, 10.89],
  [2005, null, null, 9.99, 10.29, 0.2111, 0.6094, 0.2075, 10.4, 10.53],
  [2006, 0.2384, 0.6706, 10.75, 11.03, 0.2351, 0.6609, 0.2308, 10.75, 11.17],
  [2007, 0.2034, 0.5893, 10.75, 11.26, 0.2154, 0.6168, 0.2138, 10.93, 11.5],
  [2008, 0.2083, 0.6003, 11.11, 10.1, 0.2182, 0.6271, 0.2184, 11.17, 10.22],
  [2009, 0.1984, 0.5822, 11.28, 10.64, 0.2055, 0.5976, 0.2045, 11.46, 10.56],
  [2010, 0.2211, 0.6329, 10.75, 10.96, 0.2333, 0.6586, 0.2283, 10.93, 11.03],
  [2011, 0.2038, 0.5928, 10.51, 9.42, 0.2131, 0.6121, 0.2085, 10.53, 9.44],
  [2012, 0.2086, 0.6017, 10.72, 10.58, 0.2196, 0.6263, 0.2173, 11.03, 10.76],
  [2013, 0.2025, 0.5917, 9.81, 11.11, 0.215, 0.6172, 0.2116, 9.86, 11.09],
  [2014, 0.2065, 0.5985, 11.28, 10.62, 0.2067, 0.5997, 0.2063, 11.25, 10.87],
  [2015, 0.2289, 0.6495, 10.12, 10.48, 0.2254, 0.6452, 0.2236, 10.15, 10.75],
  [2016, 0.217, 0.6212, 9.04, 9.79, 0.2184, 0.6246, 0.2181, 9.32, 10.06],
  [2017, 0.2028, 0.5926, 10.08, 11.26, 0.2173, 0.623, 0.2145, 10.47, 11.7],
  [2018, 0.2124, 0.6138, 9.87, 10.72, 0.2227, 0.6335, 0.2171, 10.07, 11.17],
  [2019, 0.2143, 0.6166, 10.18, 10.78, 0.2247, 0.6427, 0.2231, 10.43, 10.98],
  [2020, 0.2016, 0.5894, 9.79, 10.3, 0.2181, 0.6292, 0.214, 9.93, 10.88],
  [2021, 0.218, 0.624, 10.67, 10.81, 0.2349, 0.6636, 0.2279, 11.04, 11.17],
  [2022, 0.2091, 0.6042, 8.78, 10.4, 0.2236, 0.6362, 0.2227, 9.07, 10.82],
  [2023, 0.2188, 0.6274, 9.98, 10.17, 0.2332, 0.6602, 0.2278, 10.4, 10.6],
  [2024, 0.2003, 0.5875, 9.7, 9.77, 0.2129, 0.6139, 0.2129, 10.13, 10.06],
  [2025, 0.211, 0.6068, 9.67, 10.42, 0.225, 0.6407, 0.2217, 10.09, 10.6],
]

/** By season. */
export const PUBLISHED: ReadonlyMap<number, PublishedSeason> = new Map(
  ROWS.map(([season, market, marketLogLoss, marketMargin, marketTotal, elo, eloLogLoss, ours, margin, total]) => [
    season,
    { market, marketLogLoss, marketMargin, marketTotal, elo, eloLogLoss, ours, margin, total },
  ]),
)
