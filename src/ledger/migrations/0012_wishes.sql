-- What people wish, and what follows from it, stands beside what reconcile asks for: of each wish one is outstanding.

drop index ledger.requests_one_outstanding;
create unique index requests_one_outstanding on ledger.requests
  (job, (case when kind in ('manual', 'cascade') then parameters::text else '' end))
  where state in ('open', 'sent');
