-- Since when a newer site has been wanted, so that people are told when none comes.

alter table ledger.watch
  add column site_wanted_at timestamptz; -- of the asks since the last build the first, even one that GitHub refused
