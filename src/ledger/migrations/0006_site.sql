-- When the dashboard was last asked to be built anew, so that an incident asks for it once.

alter table ledger.watch
  add column site_asked_at timestamptz; -- the site was last asked to be built anew, for an incident
