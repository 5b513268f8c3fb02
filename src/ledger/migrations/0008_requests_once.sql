-- A request is accepted by one run, once; it is done when that run has ended by itself.

alter table ledger.requests drop constraint requests_state_check;
alter table ledger.requests add constraint requests_state_check
  check (state in ('open', 'sent', 'accepted', 'done', 'dropped'));
alter table ledger.requests add column accepted_at timestamptz; -- when a run accepted it; run_id is which
alter table ledger.requests add column asked_before integer not null default 0; -- sends of earlier requests for the same
create index requests_accepted on ledger.requests (run_id) where state = 'accepted';
