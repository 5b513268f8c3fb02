-- The NFL's part of the lake: as received, cleaned, as features, as fits, as frozen predictions and their grades.
-- run_id names the run that wrote a row. It is no foreign key on purpose: runs are removed after their retention, rows
-- of the lake stay. `simulated` rows come from the simulator and are never mixed with real ones.

-- Every revision of every game, cells as received. A file without some column keeps that column's last known cell, so the
-- newest revision is always everything known of a game.
create table bronze.nfl_games (
  game_id text not null,
  revision integer not null check (revision >= 1),
  cells jsonb not null, -- {column: text}; cells that came empty are left out
  fingerprint text not null, -- of the typed values: 7.0 is 7, and '' is NA is missing
  as_of timestamptz not null,
  landed_at timestamptz not null default clock_timestamp(),
  run_id uuid not null,
  simulated boolean not null,
  primary key (game_id, revision)
);
create trigger nfl_games_are_frozen before update or delete or truncate on bronze.nfl_games
  for each statement execute function predictions.refuse_edit();

create view bronze.nfl_games_newest as
  select distinct on (game_id) game_id, revision, cells, fingerprint, as_of, landed_at, run_id, simulated
  from bronze.nfl_games
  order by game_id, revision desc;

create table silver.nfl_games (
  game_id text primary key,
  season smallint not null,
  week smallint not null check (week between 1 and 22),
  game_type text not null check (game_type in ('REG', 'WC', 'DIV', 'CON', 'SB')),
  game_day date not null,
  kickoff_at timestamptz not null,
  kickoff_assumed boolean not null, -- the source had no time: 13:00 New York was put in
  home_team text not null, -- the franchise's code of today: LV, LAC, LA ...
  away_team text not null,
  home_code text not null, -- as received: OAK, SD, STL ...
  away_code text not null,
  neutral boolean not null,
  division boolean, -- both of one division
  finished boolean not null, -- both scores are known
  home_score smallint check (home_score >= 0),
  away_score smallint check (away_score >= 0),
  overtime boolean,
  home_rest smallint, -- days since the last game
  away_rest smallint,
  spread_home double precision,
  spread_price_home integer,
  spread_price_away integer,
  moneyline_home integer,
  moneyline_away integer,
  total_line double precision,
  price_over integer,
  price_under integer,
  home_qb_id text,
  away_qb_id text,
  home_coach text,
  away_coach text,
  roof text,
  surface text,
  temperature double precision,
  wind double precision,
  referee text,
  stadium_id text,
  stadium text,
  bronze_revision integer not null, -- what the row was made of
  rules_version smallint not null, -- and by which rules: a newer version makes every row anew
  fingerprint text not null,
  as_of timestamptz not null,
  updated_at timestamptz not null default clock_timestamp(),
  run_id uuid not null,
  simulated boolean not null,
  check (finished = (home_score is not null and away_score is not null)),
  check (home_team <> away_team)
);
create index nfl_games_week on silver.nfl_games (season, week);
comment on column silver.nfl_games.spread_home is
  'Points by which the home side is favoured: POSITIVE means the home side is favoured, as nflverse writes it (books write the opposite). Home covers when home_score - away_score > spread_home.';
comment on column silver.nfl_games.moneyline_home is 'American odds. Before kick-off the latest line received, afterwards the closing one.';
comment on column silver.nfl_games.total_line is 'Points of both sides together.';
comment on column silver.nfl_games.temperature is 'Fahrenheit, recorded during the game: not known before it.';
comment on column silver.nfl_games.wind is 'Miles per hour, recorded during the game: not known before it.';

-- What was known of a game before its week began; one row per game and market.
create table features.nfl_games (
  game_id text not null,
  market text not null check (market in ('moneyline', 'ats', 'ou')),
  season smallint not null,
  week smallint not null,
  values jsonb not null, -- {name: number}
  known_until timestamptz not null, -- the first kick-off of the week: nothing later went in
  fingerprint text not null,
  updated_at timestamptz not null default clock_timestamp(),
  run_id uuid not null,
  simulated boolean not null,
  primary key (game_id, market)
);
create index nfl_features_week on features.nfl_games (season, week);

-- A market's parameters, from finished games strictly before the week they are for.
create table models.nfl_fits (
  market text not null check (market in ('moneyline', 'ats', 'ou')),
  season smallint not null,
  week smallint not null,
  model_version text not null,
  parameters jsonb not null,
  scores jsonb not null, -- walk-forward: ours and the market's on the same games
  games integer not null,
  data_as_of timestamptz not null,
  fitted_at timestamptz not null default clock_timestamp(),
  run_id uuid not null,
  simulated boolean not null,
  primary key (market, season, week)
);

-- Frozen predictions: made before kick-off, with the line they saw.
create table predictions.nfl (
  game_id text not null,
  market text not null check (market in ('moneyline', 'ats', 'ou')),
  lead_days smallint not null check (lead_days >= 0), -- calendar days from as_of to kick-off, in New York
  season smallint not null,
  week smallint not null,
  model_version text not null,
  as_of timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  kickoff_at timestamptz not null,
  line double precision, -- ats: spread_home; ou: the total; moneyline: null
  price_for integer, -- American odds on what p_* is the probability of
  price_against integer,
  p_model double precision not null check (p_model between 0 and 1),
  p_market double precision check (p_market between 0 and 1),
  p_final double precision not null check (p_final between 0 and 1),
  pick text not null check (pick in ('home', 'away', 'over', 'under')),
  run_id uuid not null,
  simulated boolean not null,
  primary key (game_id, market, lead_days),
  check (as_of < kickoff_at)
);
create index nfl_predictions_week on predictions.nfl (season, week);
create trigger nfl_is_frozen before update or delete or truncate on predictions.nfl
  for each statement execute function predictions.refuse_edit();
comment on column predictions.nfl.p_model is
  'moneyline: P(home wins); ats: P(home covers the line); ou: P(over). Blind to the market, but for the line itself.';
comment on column predictions.nfl.p_market is 'The same from the prices, without the bookmaker''s margin. Null without prices.';
comment on column predictions.nfl.p_final is 'The market''s probability with a little of the model; the model''s own without prices.';
comment on column predictions.nfl.pick is 'The side that p_model prefers.';

create table predictions.nfl_grades (
  game_id text not null,
  market text not null,
  lead_days smallint not null,
  home_score smallint not null,
  away_score smallint not null,
  outcome text not null check (outcome in ('won', 'lost', 'push')), -- of the pick
  brier double precision, -- of p_model; null on a push
  log_loss double precision,
  market_brier double precision, -- of p_market on the same game
  market_log_loss double precision,
  line_error double precision, -- ats: home margin - line; ou: points - line; moneyline: null
  profit double precision, -- units won per unit staked on the pick at the stored price; null without a price
  graded_as_of timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  run_id uuid not null,
  simulated boolean not null,
  primary key (game_id, market, lead_days),
  foreign key (game_id, market, lead_days) references predictions.nfl (game_id, market, lead_days)
);
create trigger nfl_grades_are_frozen before update or delete or truncate on predictions.nfl_grades
  for each statement execute function predictions.refuse_edit();
