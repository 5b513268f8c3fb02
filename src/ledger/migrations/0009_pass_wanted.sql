-- Is a pass of ops-watch wanted, why, and since when: one answer for every run that looks around and for an outside clock that asks
-- before it starts one, because every pass is billed. Instants are schedule time, but for judged_at's place beside heartbeats.

-- Which jobs wait for which: written with the schedules, from the jobs' definitions, so that a grace can be counted from when the
-- parents were served.
create table ledger.needs (
  job text not null,
  parent text not null,
  need text not null check (need in ('fresh', 'any')),
  primary key (job, parent)
);

alter table ledger.watch add column judged_at timestamptz; -- as of when the last pass that came to its end judged everything
-- Since when and why a pass was wanted when it began; null: nobody had to make it.
alter table ledger.passes add column wanted_at timestamptz;
alter table ledger.passes add column wanted_for text;

-- Open slots by what of them calls: few, and none of them that calls for nothing.
create index slots_by_grace on ledger.slots (grace_until) where state in ('due', 'running');
create index slots_by_retry on ledger.slots (not_before) where state = 'due' and not_before is not null;
create index slots_lost on ledger.slots (changed_at) where state = 'due' and outcome = 'abandoned';

-- What has called for a pass after one instant and up to another: a grace or a deadline that ended, a pause before a try that is
-- over, a breaker's trial, a pause or games that ended. A slot's grace is counted from when its parents were served; while one of
-- them is not, it does not end (core/slot.ts, graceOverAt).
create function ledger.calls_for_pass(after timestamptz, until timestamptz)
returns table (reason text, at timestamptz)
language sql stable
as $$
  with late as materialized (
    select job, due_at, state, grace_until, outcome, changed_at from ledger.slots
    where state in ('due', 'running') and grace_until <= until
  ), need as materialized (
    select job, parent, need from ledger.needs
  ), parents as (
    select late.job, late.due_at, max(latest.changed_at) as served_at, bool_and(case n.need
        when 'fresh' then coalesce(latest.state = 'served', true)
        else exists (select 1 from ledger.slots e where e.job = n.parent and e.state = 'served') or (
          select true from ledger.runs r
          where r.job between n.parent and n.parent and r.outcome in ('succeeded', 'partial') -- see job-health.ts for the "between"
          order by r.job, r.started_at desc limit 1
        ) is not null
      end) as served
    from late
    join need n on n.job = late.job
    left join lateral (
      select p.state, p.changed_at from ledger.slots p
      where n.need = 'fresh' and p.job between n.parent and n.parent and p.due_at <= late.due_at
      order by p.job desc, p.due_at desc limit 1
    ) latest on true
    where late.state = 'due'
    group by late.job, late.due_at
  ), over as (
    select case
      when late.state = 'running' then late.grace_until
      when coalesce(parents.served, true) then greatest(
        greatest(late.due_at, parents.served_at) + (late.grace_until - late.due_at),
        case when late.outcome is not null then late.changed_at end -- a run held it past its grace and gave it back
      )
    end as at
    from late left join parents on parents.job = late.job and parents.due_at = late.due_at
  )
  select 'overdue', at from over where at > after and at <= until
  union all
  select 'retry', not_before from ledger.slots where state = 'due' and not_before > after and not_before <= until
  union all
  select 'lost', changed_at from ledger.slots
  where state = 'due' and outcome = 'abandoned' and changed_at > after and changed_at <= until
  union all
  select 'deadline', deadline_at from ledger.slots
  where state in ('due', 'running') and deadline_at > after and deadline_at <= until
  union all
  select 'request', next_try_at from ledger.requests where state in ('open', 'sent') and next_try_at > after and next_try_at <= until
  union all
  select 'untold', next_try_at from ledger.deliveries where state = 'due' and next_try_at > after and next_try_at <= until
  union all
  select 'trial', try_at from ledger.breakers where state = 'open' and try_at > after and try_at <= until
  union all
  select 'pause_over', expires_at from ledger.overrides
  where kind = 'pause' and ended_at is null and expires_at > after and expires_at <= until
  union all
  -- ITEMS_PAUSE_MS of ledger/details.ts
  select 'items', failed_at + interval '30 minutes' from ledger.dead_letters
  where closed_at is null and retryable and times <= 3
    and failed_at > after - interval '30 minutes' and failed_at <= until - interval '30 minutes'
  union all
  select 'games_over', closes_at from ledger.live_windows where closes_at > after and closes_at <= until
$$;

-- One row if a pass is wanted: the first reason, and since when no pass has come for it. It changes nothing, and being asked is
-- not having looked. What is wanted in vain for an hour is answered with yes in five minutes of thirty only, because a pass that
-- is started and fails is billed as well; `tireless` answers always. Whoever may call it needs no other right.
create function ledger.pass_wanted(as_of timestamptz default statement_timestamp(), tireless boolean default false)
returns table (reason text, since timestamptz)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  with watch as (
    select looked_at, next_action_at, coalesce(judged_at, '-infinity') as judged_at from ledger.watch
  ), call as (
    select c.reason, c.at from watch, lateral ledger.calls_for_pass(watch.judged_at, as_of) c
    union all
    -- What the last pass, or a run since, has worked out.
    select 'planned', next_action_at from watch where next_action_at <= as_of
    union all
    -- These stay until a pass has dealt with them.
    select 'request', next_try_at from ledger.requests where state = 'open' and next_try_at <= as_of
    union all
    select 'untold', next_try_at from ledger.deliveries where state = 'due' and next_try_at <= as_of
    union all
    (
      select 'untold', f.flipped_at from ledger.flips f
      where f.told_at is null and f.flipped_at <= as_of
        and not exists (select 1 from ledger.deliveries d where d.flip_id = f.id)
      order by f.id limit 1
    )
    union all
    select 'silent', as_of - (statement_timestamp() - heartbeat_at) + interval '5 minutes' from ledger.runs
    where outcome = 'running' and heartbeat_at < statement_timestamp() - interval '5 minutes'
    union all
    -- Written by a clock that was ahead by more than MOST_APART_MS of core/clocks.ts: the next pass takes it back.
    select 'ahead', as_of from watch where greatest(looked_at, judged_at) > as_of + interval '15 minutes'
    union all
    select 'unseen', looked_at + interval '1 hour' from watch where looked_at <= as_of - interval '1 hour'
  ), first as (
    -- That nobody has looked is a reason of its own only where nothing else is one.
    select (array_agg(call.reason order by call.reason = 'unseen', call.at))[1] as reason, min(call.at) as at from call
  ), passed as (
    select began_at from ledger.passes where began_at < as_of order by began_at desc limit 1
  )
  select first.reason, greatest(first.at, (select began_at from passed))
  from first
  where first.at is not null and (
    tireless or as_of < first.at + interval '1 hour'
    or mod(floor(extract(epoch from as_of - first.at) / 60)::bigint, 30) < 5
  )
$$;

-- By default everybody may call a new function.
revoke execute on function ledger.pass_wanted(timestamptz, boolean), ledger.calls_for_pass(timestamptz, timestamptz) from public;
