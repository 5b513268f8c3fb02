-- The tables as they are, written by `npm run generate` from the migrations beside this file and compared with them by a
-- test. To be read only: a database is changed by a new migration.

-- Every revision of every game, cells as received. A file without some column keeps that column's last known cell, so
-- the newest revision is always everything known of a game.
create table bronze.nfl_games (
  game_id text not null,
  revision integer not null,
  cells jsonb not null, -- {column: text}; cells that came empty are left out
  fingerprint text not null, -- of the typed values: 7.0 is 7, and '' is NA is missing
  as_of timestamptz not null,
  landed_at timestamptz not null default clock_timestamp(),
  run_id uuid not null,
  simulated boolean not null,
  primary key (game_id, revision),
  constraint nfl_games_revision_check check (revision >= 1)
);
create trigger nfl_games_are_frozen before delete or update or truncate on bronze.nfl_games for each statement execute function predictions.refuse_edit();

-- What was known of a game before its week began; one row per game and market.
create table features.nfl_games (
  game_id text not null,
  market text not null,
  season smallint not null,
  week smallint not null,
  -- Numbers by name. Those that end in _named count on the starters that the source names, which of a past game are
  -- those who did start: not known before it.
  "values" jsonb not null,
  known_until timestamptz not null, -- the first kick-off of the week: nothing later went in
  fingerprint text not null,
  updated_at timestamptz not null default clock_timestamp(),
  run_id uuid not null,
  simulated boolean not null,
  primary key (game_id, market),
  constraint nfl_games_market_check check (market in ('moneyline', 'ats', 'ou'))
);
create index nfl_features_week on features.nfl_games (season, week);

-- A market's parameters, from finished games strictly before the week they are for.
create table models.nfl_fits (
  market text not null,
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
  commit text, -- The code that fitted; null off Actions.
  primary key (market, season, week),
  constraint nfl_fits_market_check check (market in ('moneyline', 'ats', 'ou'))
);

create table silver.nfl_games (
  game_id text not null,
  season smallint not null,
  week smallint not null,
  game_type text not null,
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
  home_score smallint,
  away_score smallint,
  overtime boolean,
  home_rest smallint, -- days since the last game
  away_rest smallint,
  -- Points by which the home side is favoured: POSITIVE means the home side is favoured, as nflverse writes it (books
  -- write the opposite). Home covers when home_score - away_score > spread_home.
  spread_home double precision,
  spread_price_home integer,
  spread_price_away integer,
  moneyline_home integer, -- American odds. Before kick-off the latest line received, afterwards the closing one.
  moneyline_away integer,
  total_line double precision, -- Points of both sides together.
  price_over integer,
  price_under integer,
  home_qb_id text,
  away_qb_id text,
  home_coach text,
  away_coach text,
  roof text,
  surface text,
  temperature double precision, -- Fahrenheit, recorded during the game: not known before it.
  wind double precision, -- Miles per hour, recorded during the game: not known before it.
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
  primary key (game_id),
  constraint nfl_games_away_score_check check (away_score >= 0),
  constraint nfl_games_check check (finished = ((home_score is not null) and (away_score is not null))),
  constraint nfl_games_check1 check (home_team <> away_team),
  constraint nfl_games_game_type_check check (game_type in ('REG', 'WC', 'DIV', 'CON', 'SB')),
  constraint nfl_games_home_score_check check (home_score >= 0),
  constraint nfl_games_week_check check ((week >= 1) and (week <= 22))
);
create index nfl_games_week on silver.nfl_games (season, week);

create view bronze.nfl_games_newest as
 select distinct on (game_id) game_id,
    revision,
    cells,
    fingerprint,
    as_of,
    landed_at,
    run_id,
    simulated
   from bronze.nfl_games
  order by game_id, revision desc;
