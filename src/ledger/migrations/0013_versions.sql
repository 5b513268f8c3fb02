-- Writes to shared state carry their version, so that what an old run of a workflow writes when it is started again is refused.

-- The newest that was accepted of each kind.
create table ledger.versions (
  subject text primary key, -- 'schedules'
  number bigint not null, -- GITHUB_RUN_NUMBER of the ops-setup that wrote it
  commit text not null,
  accepted_at timestamptz not null
);
