-- When the dashboard was last asked to be built anew, so that an incident asks for it once; and when it last was, so that a
-- night that GitHub's cron left out is made up for.

alter table ledger.watch
  add column site_asked_at timestamptz, -- the site was last asked to be built anew, by a pass of ops-watch
  add column site_built_at timestamptz; -- as of when a site that may be published was last written; null: none ever was
