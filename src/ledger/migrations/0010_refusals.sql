-- A refusal is about today's settings of a channel: it is tried again daily, and at once when they change.

alter table ledger.deliveries
  add column refused_by text; -- fingerprint of the channel's settings that could not deliver it; null: not refused
create index deliveries_refused on ledger.deliveries (channel) where state = 'due' and refused_by is not null;

alter table ledger.watch
  add column unheard_at timestamptz; -- a pass was last red because no channel had accepted an incident within an hour
