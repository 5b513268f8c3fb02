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

-- Frozen predictions: made before kick-off, with the line they saw.
create table predictions.nfl (
  game_id text not null,
  market text not null,
  lead_days smallint not null, -- calendar days from as_of to kick-off, in New York
  season smallint not null,
  week smallint not null,
  model_version text not null,
  -- When it was made, and when its line and prices were seen: nfl/predict fetches them first.
  as_of timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  kickoff_at timestamptz not null,
  line double precision, -- ats: spread_home; ou: the total; moneyline: null
  price_for integer, -- American odds on what p_* is the probability of
  price_against integer,
  -- moneyline: P(home wins); ats: P(home covers the line); ou: P(over); about a line, given that there is no push.
  -- Blind to the market, but for the line itself.
  p_model double precision not null,
  p_market double precision, -- The same from the prices, without the bookmaker's margin. Null without prices.
  -- The market's probability (without prices, what its line says) with a little of the model; the model's own without
  -- either.
  p_final double precision not null,
  pick text not null, -- The side that p_model prefers.
  run_id uuid not null,
  simulated boolean not null,
  p_push double precision, -- Of landing on the line.
  expected double precision, -- ats: the model's home margin; ou: its total; moneyline: null.
  expected_final double precision, -- The line, moved a little towards the model.
  edge double precision, -- Expected profit of the pick per unit at its price, by p_final.
  -- Share of a bankroll to stake on the pick: a quarter of Kelly's, at most 0.02, nought without an edge.
  stake double precision,
  -- Which quarterbacks it counted on: those of the last game, or, within two hours of kick-off, those named. Null for
  -- the total, to which they make no difference.
  starters text,
  commit text,
  primary key (game_id, market, lead_days),
  constraint nfl_check check (as_of < kickoff_at),
  constraint nfl_lead_days_check check (lead_days >= 0),
  constraint nfl_market_check check (market in ('moneyline', 'ats', 'ou')),
  constraint nfl_p_final_check check ((p_final >= 0) and (p_final <= 1)),
  constraint nfl_p_market_check check ((p_market >= 0) and (p_market <= 1)),
  constraint nfl_p_model_check check ((p_model >= 0) and (p_model <= 1)),
  constraint nfl_p_push_check check ((p_push >= 0) and (p_push <= 1)),
  constraint nfl_pick_check check (pick in ('home', 'away', 'over', 'under')),
  constraint nfl_stake_check check ((stake >= 0) and (stake <= 1)),
  constraint nfl_starters_check check (starters in ('last_known', 'named'))
);
create index nfl_predictions_week on predictions.nfl (season, week);
create trigger nfl_is_frozen before delete or update or truncate on predictions.nfl for each statement execute function predictions.refuse_edit();

create table predictions.nfl_grades (
  game_id text not null,
  market text not null,
  lead_days smallint not null,
  home_score smallint not null,
  away_score smallint not null,
  outcome text not null, -- of the pick
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
  final_brier double precision, -- of p_final
  final_log_loss double precision,
  model_error double precision, -- points: what happened less expected
  final_error double precision, -- less expected_final
  close_line double precision, -- the last line before kick-off, from silver
  p_close double precision, -- of the home win, of covering close_line, of over it
  close_brier double precision, -- of p_close on the same game; null where the game landed on close_line
  close_log_loss double precision,
  close_error double precision, -- points: what happened less close_line
  clv_points double precision, -- by which the line moved the pick's way after it was taken
  clv_price double precision, -- p_close * decimal odds taken - 1, while both are about the same line
  primary key (game_id, market, lead_days),
  constraint nfl_grades_game_id_market_lead_days_fkey foreign key (game_id, market, lead_days) references predictions.nfl(game_id, market, lead_days),
  constraint nfl_grades_outcome_check check (outcome in ('won', 'lost', 'push')),
  constraint nfl_grades_p_close_check check ((p_close >= 0) and (p_close <= 1))
);
create trigger nfl_grades_are_frozen before delete or update or truncate on predictions.nfl_grades for each statement execute function predictions.refuse_edit();

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

create view predictions.nfl_graded as
 select p.game_id,
    p.season,
    p.week,
    p.market,
    p.lead_days,
    p.model_version,
    p.starters,
    p.as_of,
    p.recorded_at,
    g.kickoff_at,
    p.recorded_at < g.kickoff_at as prospective,
    p.line,
    p.price_for,
    p.price_against,
    p.p_model,
    p.p_market,
    p.p_final,
    p.p_push,
    p.expected,
    p.expected_final,
    p.pick,
    p.edge,
    p.stake,
    d.home_score,
    d.away_score,
    d.outcome,
    d.brier,
    d.log_loss,
    d.final_brier,
    d.final_log_loss,
    d.market_brier,
    d.market_log_loss,
    d.model_error,
    d.final_error,
    d.line_error,
    d.profit,
    d.close_line,
    d.p_close,
    d.close_brier,
    d.close_log_loss,
    d.close_error,
    d.clv_points,
    d.clv_price,
    p.simulated
   from predictions.nfl p
     join predictions.nfl_grades d on d.game_id = p.game_id and d.market = p.market and d.lead_days = p.lead_days
     join silver.nfl_games g on g.game_id = p.game_id;
