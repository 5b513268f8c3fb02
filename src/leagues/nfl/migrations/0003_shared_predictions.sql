-- Predictions and their grades move to the tables that all leagues share. A week is a period, as jobs and slots name it.

insert into predictions.games (
  league, game_id, market, lead_days, season, period, model_version, as_of, recorded_at, starts_at, line, price_for,
  price_against, p_model, p_market, p_final, p_push, expected, expected_final, pick, edge, stake, starters, commit, run_id, simulated
)
select 'nfl', game_id, market, lead_days, season, season || '-W' || lpad(week::text, 2, '0'), model_version, as_of, recorded_at,
  kickoff_at, line, price_for, price_against, p_model, p_market, p_final, p_push, expected, expected_final, pick, edge, stake,
  starters, commit, run_id, simulated
from predictions.nfl;

insert into predictions.grades (
  league, game_id, market, lead_days, started_at, home_score, away_score, outcome, brier, log_loss, final_brier, final_log_loss,
  market_brier, market_log_loss, model_error, final_error, line_error, profit, close_line, p_close, close_brier,
  close_log_loss, close_error, clv_points, clv_price, graded_as_of, recorded_at, run_id, simulated
)
select 'nfl', d.game_id, d.market, d.lead_days, coalesce(g.kickoff_at, p.kickoff_at), d.home_score, d.away_score, d.outcome, d.brier,
  d.log_loss, d.final_brier, d.final_log_loss, d.market_brier, d.market_log_loss, d.model_error, d.final_error, d.line_error,
  d.profit, d.close_line, d.p_close, d.close_brier, d.close_log_loss, d.close_error, d.clv_points, d.clv_price, d.graded_as_of,
  d.recorded_at, d.run_id, d.simulated
from predictions.nfl_grades d
join predictions.nfl p on p.game_id = d.game_id and p.market = d.market and p.lead_days = d.lead_days
left join silver.nfl_games g on g.game_id = d.game_id;

drop view predictions.nfl_graded;
drop table predictions.nfl_grades;
drop table predictions.nfl;
