-- The parents of late slots are looked up once, and not once more for every late slot.

create or replace function ledger.calls_for_pass(after timestamptz, until timestamptz)
returns table (reason text, at timestamptz)
language sql stable
as $$
  with late as materialized (
    select job, due_at, state, grace_until, outcome, changed_at from ledger.slots
    where state in ('due', 'running') and grace_until <= until
  ), need as materialized (
    select job, parent, need from ledger.needs
  ), parents as materialized (
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
