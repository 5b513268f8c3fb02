-- A quiet repository falls asleep after sixty days: people are reminded of it weekly, and who wants it is kept awake.

alter table ledger.flips
  add column reminder boolean not null default false; -- nothing changed, and people are told again that it is still so

alter table ledger.watch
  add column public_repository boolean, -- as GitHub last said; it disables the schedules of public ones only
  add column kept_awake_at timestamptz; -- workflows that are active were last enabled all the same, so that they stay so
