-- The tables as they are, written by `npm run generate` from the migrations beside this file and compared with them by a
-- test. To be read only: a database is changed by a new migration.

-- One row per player, week and revision: a stat correction is a new revision beside the old one. The provider's columns
-- have had two layouts; here they have one name each, and only those that fantasy counts are kept, so that a figure
-- nobody counts (nflverse works out expected points anew every night) is no revision.
create table bronze.nfl_player_weeks (
  season smallint not null,
  week smallint not null,
  player_id text not null, -- nflverse's, the league's own GSIS id
  revision integer not null,
  name text not null,
  "position" text not null,
  team text not null, -- the franchise's code of today
  opponent text not null,
  line jsonb not null, -- {stat: number}, of all that fantasy counts
  as_of timestamptz not null,
  landed_at timestamptz not null default clock_timestamp(),
  run_id uuid not null,
  simulated boolean not null,
  primary key (season, week, player_id, revision),
  constraint nfl_player_weeks_position_check check ("position" in ('QB', 'RB', 'WR', 'TE')),
  constraint nfl_player_weeks_revision_check check (revision >= 1),
  constraint nfl_player_weeks_week_check check ((week >= 1) and (week <= 22))
);
create trigger nfl_player_weeks_are_frozen before delete or update or truncate on bronze.nfl_player_weeks for each statement execute function predictions.refuse_edit();

-- What a source expected of a player in a week. A source that changes its mind adds a row with a later as_of.
create table predictions.fantasy (
  season smallint not null,
  week smallint not null,
  source text not null, -- 'matchday' is ours
  scoring text not null,
  source_id text not null, -- the player's id at the source; ours are nflverse's
  as_of timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  player_id text, -- nflverse's; null when nobody of that name and position is known
  name text not null,
  "position" text not null,
  team text not null,
  kickoff_at timestamptz, -- null on a bye
  points double precision not null, -- Expected fantasy points, injuries and byes already in them.
  status text not null,
  -- made after kick-off, from what was known before the week: never counted as foresight
  retrospective boolean not null,
  run_id uuid not null,
  simulated boolean not null,
  primary key (season, week, source, scoring, source_id, as_of),
  constraint fantasy_check check (retrospective or (as_of < coalesce(kickoff_at, 'infinity'::timestamptz))),
  constraint fantasy_position_check check ("position" in ('QB', 'RB', 'WR', 'TE')),
  constraint fantasy_scoring_check check (scoring in ('ppr', 'half', 'standard')),
  constraint fantasy_status_check check (status in ('playing', 'questionable', 'doubtful', 'out', 'bye')),
  constraint fantasy_week_check check ((week >= 1) and (week <= 22))
);
create trigger fantasy_is_frozen before delete or update or truncate on predictions.fantasy for each statement execute function predictions.refuse_edit();

create view bronze.nfl_player_weeks_newest as
 select distinct on (season, week, player_id) season,
    week,
    player_id,
    revision,
    name,
    "position",
    team,
    opponent,
    line,
    as_of,
    landed_at,
    run_id,
    simulated
   from bronze.nfl_player_weeks
  order by season, week, player_id, revision desc;
