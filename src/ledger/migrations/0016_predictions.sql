-- Frozen predictions of games and what became of them, of any league: made before the game begins, with the line they saw, graded
-- once it is over against what the market closed with.

create table predictions.games (
  league text not null,
  game_id text not null,
  market text not null, -- as the league names it: moneyline, ats, ou
  lead_days smallint not null check (lead_days >= 0), -- calendar days from as_of to the game, where the league counts days
  season smallint not null,
  period text not null, -- of the league's calendar: 2026-W11, 2026-11-29
  model_version text not null,
  as_of timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  starts_at timestamptz not null, -- as it was known then
  line double precision,
  price_for integer, -- American odds on what p_* is the probability of
  price_against integer,
  p_model double precision not null check (p_model between 0 and 1),
  p_market double precision check (p_market between 0 and 1),
  p_final double precision not null check (p_final between 0 and 1),
  p_push double precision check (p_push between 0 and 1),
  expected double precision,
  expected_final double precision,
  pick text not null check (pick in ('home', 'away', 'over', 'under')),
  edge double precision,
  stake double precision check (stake between 0 and 1),
  starters text check (starters in ('last_known', 'named')),
  commit text,
  run_id uuid not null,
  simulated boolean not null,
  primary key (league, game_id, market, lead_days),
  check (as_of < starts_at)
);
create index games_period on predictions.games (league, season, period);
create trigger games_are_frozen before update or delete or truncate on predictions.games
  for each statement execute function predictions.refuse_edit();
comment on column predictions.games.as_of is
  'When it was made, and when its line and prices were seen: they are fetched first.';
comment on column predictions.games.line is
  'About the margin: points by which the home side is favoured. About the total: the total. About the winner: null.';
comment on column predictions.games.p_model is
  'Of the home win, of the home side covering the line, or of the over; about a line, given that there is no push. Blind to the market, but for the line itself.';
comment on column predictions.games.p_market is 'The same from the prices, without the bookmaker''s margin. Null without prices.';
comment on column predictions.games.p_final is
  'The market''s probability (without prices, what its line says) with a little of the model; the model''s own without either.';
comment on column predictions.games.p_push is 'Of landing on the line.';
comment on column predictions.games.expected is 'About the margin or the total: what the model expects, in points. About the winner: null.';
comment on column predictions.games.expected_final is 'The line, moved a little towards the model.';
comment on column predictions.games.pick is 'The side that p_model prefers.';
comment on column predictions.games.edge is 'Expected profit of the pick per unit at its price, by p_final.';
comment on column predictions.games.stake is
  'Share of a bankroll to stake on the pick: a quarter of Kelly''s, at most 0.02, nought without an edge.';
comment on column predictions.games.starters is
  'Whom it counted on: those who started the last game, or those who were named for this one. Null where they make no difference.';
comment on column predictions.games.commit is 'The code that made it; null off Actions.';

create table predictions.grades (
  league text not null,
  game_id text not null,
  market text not null,
  lead_days smallint not null,
  started_at timestamptz not null, -- as it is known once the game is over
  home_score smallint not null,
  away_score smallint not null,
  outcome text not null check (outcome in ('won', 'lost', 'push')), -- of the pick
  brier double precision, -- of p_model; null on a push
  log_loss double precision,
  final_brier double precision, -- of p_final
  final_log_loss double precision,
  market_brier double precision, -- of p_market on the same game
  market_log_loss double precision,
  model_error double precision, -- points: what happened less expected
  final_error double precision, -- less expected_final
  line_error double precision, -- less the line; null about the winner
  profit double precision, -- units won per unit staked on the pick at the stored price; null without a price
  close_line double precision, -- the last line before the game
  p_close double precision check (p_close between 0 and 1), -- of the home win, of covering close_line, of over it
  close_brier double precision, -- of p_close on the same game; null where the game landed on close_line
  close_log_loss double precision,
  close_error double precision, -- points: what happened less close_line
  clv_points double precision, -- by which the line moved the pick's way after it was taken
  clv_price double precision, -- p_close * decimal odds taken - 1, while both are about the same line
  graded_as_of timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  run_id uuid not null,
  simulated boolean not null,
  primary key (league, game_id, market, lead_days),
  foreign key (league, game_id, market, lead_days) references predictions.games (league, game_id, market, lead_days)
);
create trigger grades_are_frozen before update or delete or truncate on predictions.grades
  for each statement execute function predictions.refuse_edit();

-- Every graded prediction with all that it is judged by. Only those recorded before the game, on the database's own clock, count
-- as prospective: a replay's and a backfill's do not.
create view predictions.graded as
  select p.league, p.game_id, p.season, p.period, p.market, p.lead_days, p.model_version, p.starters, p.as_of, p.recorded_at,
    d.started_at, p.recorded_at < d.started_at as prospective, p.line, p.price_for, p.price_against, p.p_model, p.p_market,
    p.p_final, p.p_push, p.expected, p.expected_final, p.pick, p.edge, p.stake, d.home_score, d.away_score, d.outcome,
    d.brier, d.log_loss, d.final_brier, d.final_log_loss, d.market_brier, d.market_log_loss, d.model_error, d.final_error,
    d.line_error, d.profit, d.close_line, d.p_close, d.close_brier, d.close_log_loss, d.close_error, d.clv_points,
    d.clv_price, p.simulated
  from predictions.games p
  join predictions.grades d
    on d.league = p.league and d.game_id = p.game_id and d.market = p.market and d.lead_days = p.lead_days;
