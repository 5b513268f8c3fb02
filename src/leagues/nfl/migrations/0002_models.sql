-- Predictions say what they expect in points, what a bet is worth and whom they counted on; grades stand beside the closing
-- market. Columns are added empty: rows of the plain model stay as they were graded.

comment on column features.nfl_games.values is
  'Numbers by name. Those that end in _named count on the starters that the source names, which of a past game are those who did start: not known before it.';

alter table models.nfl_fits add column commit text;
comment on column models.nfl_fits.commit is 'The code that fitted; null off Actions.';

alter table predictions.nfl
  add column p_push double precision check (p_push between 0 and 1),
  add column expected double precision,
  add column expected_final double precision,
  add column edge double precision,
  add column stake double precision check (stake between 0 and 1),
  add column starters text check (starters in ('last_known', 'named')),
  add column commit text;
comment on column predictions.nfl.as_of is
  'When it was made, and when its line and prices were seen: nfl/predict fetches them first.';
comment on column predictions.nfl.p_model is
  'moneyline: P(home wins); ats: P(home covers the line); ou: P(over); about a line, given that there is no push. Blind to the market, but for the line itself.';
comment on column predictions.nfl.p_final is
  'The market''s probability (without prices, what its line says) with a little of the model; the model''s own without either.';
comment on column predictions.nfl.p_push is 'Of landing on the line.';
comment on column predictions.nfl.expected is 'ats: the model''s home margin; ou: its total; moneyline: null.';
comment on column predictions.nfl.expected_final is 'The line, moved a little towards the model.';
comment on column predictions.nfl.edge is 'Expected profit of the pick per unit at its price, by p_final.';
comment on column predictions.nfl.stake is 'Share of a bankroll to stake on the pick: a quarter of Kelly''s, at most 0.02, nought without an edge.';
comment on column predictions.nfl.starters is
  'Which quarterbacks it counted on: those of the last game, or, within two hours of kick-off, those named. Null for the total, to which they make no difference.';

alter table predictions.nfl_grades
  add column final_brier double precision, -- of p_final
  add column final_log_loss double precision,
  add column model_error double precision, -- points: what happened less expected
  add column final_error double precision, -- less expected_final
  add column close_line double precision, -- the last line before kick-off, from silver
  add column p_close double precision check (p_close between 0 and 1), -- of the home win, of covering close_line, of over it
  add column close_brier double precision, -- of p_close on the same game; null where the game landed on close_line
  add column close_log_loss double precision,
  add column close_error double precision, -- points: what happened less close_line
  add column clv_points double precision, -- by which the line moved the pick's way after it was taken
  add column clv_price double precision; -- p_close * decimal odds taken - 1, while both are about the same line

-- Every graded prediction with all that it is judged by. Only those recorded before kick-off, on the database's own clock,
-- count as prospective: a replay's and a backfill's do not.
create view predictions.nfl_graded as
  select p.game_id, p.season, p.week, p.market, p.lead_days, p.model_version, p.starters, p.as_of, p.recorded_at,
    g.kickoff_at, p.recorded_at < g.kickoff_at as prospective, p.line, p.price_for, p.price_against, p.p_model, p.p_market,
    p.p_final, p.p_push, p.expected, p.expected_final, p.pick, p.edge, p.stake, d.home_score, d.away_score, d.outcome,
    d.brier, d.log_loss, d.final_brier, d.final_log_loss, d.market_brier, d.market_log_loss, d.model_error, d.final_error,
    d.line_error, d.profit, d.close_line, d.p_close, d.close_brier, d.close_log_loss, d.close_error, d.clv_points,
    d.clv_price, p.simulated
  from predictions.nfl p
  join predictions.nfl_grades d on d.game_id = p.game_id and d.market = p.market and d.lead_days = p.lead_days
  join silver.nfl_games g on g.game_id = p.game_id;
