-- What all leagues share of the lake: its schemas, the rule that facts are never edited, and what was received from whom. A league
-- keeps its own tables, by migrations of its own (src/leagues/<league>/migrations), which are recorded here.
--
-- All of it was made by 0002 to 0004 while the leagues' migrations were among these; such a database keeps what it has, and what it
-- was given counts as applied.

create schema if not exists bronze;
create schema if not exists silver;
create schema if not exists features;
create schema if not exists models;
create schema if not exists predictions;

-- For tables whose rows are facts about a moment: they are appended, never edited.
create or replace function predictions.refuse_edit() returns trigger language plpgsql as $$
begin
  raise exception 'rows of %.% are frozen: they are never updated, deleted or truncated, append new ones instead',
    tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end
$$;

-- One row each time the provider's content differed from what was landed before.
create table if not exists bronze.files (
  id bigint generated always as identity primary key,
  source text not null,
  address text not null, -- without query string
  hash text not null, -- sha256 of the bytes received
  etag text, -- only good for the same address
  bytes bigint not null check (bytes >= 0),
  row_count integer not null check (row_count >= 0),
  columns text[] not null,
  as_of timestamptz not null,
  landed_at timestamptz not null default clock_timestamp(),
  run_id uuid not null,
  simulated boolean not null
);
create index if not exists files_newest on bronze.files (source, id desc);

create table ledger.league_migrations (
  league text not null,
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default clock_timestamp(),
  primary key (league, number)
);

insert into ledger.league_migrations (league, number, name, checksum, applied_at)
select moved.league, moved.number, moved.name, moved.checksum, done.applied_at
from (values
  (2, 'nfl', 1, 'nfl/0001_lake.sql', '7ae58e58ae39c2a7f82a97e3349c5e8f7a9bc916aa4aec58b71a1d743fb3f869'),
  (3, 'nfl', 2, 'nfl/0002_models.sql', '3f1a4bc9fd0d87ba50beaad2666c7d87794c74a0ddc955b42e2a569cbd4b78d8'),
  (4, 'fantasy', 1, 'fantasy/0001_lake.sql', 'e52c670969f476a2fd706e97eb03b8bf2442f29ef5b41cb9d6051ca99818b4ad')
) as moved (was, league, number, name, checksum)
join matchday_migrations done on done.number = moved.was;
