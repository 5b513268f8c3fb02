// Codes of errors and causes of incidents as people say them. A code that has no words here is said with spaces: it is the
// name of a thing, and its message stands beside it.

const WORDS: Readonly<Record<string, string>> = {
  abandoned: 'never heard of again',
  already_answered: 'another run had answered the request',
  already_running: 'another run was at work',
  anomaly: 'what came in breaks a rule',
  bad_csv: 'the answer could not be read',
  bad_lines: 'the answer could not be read',
  breaker_open: 'the source is not called',
  broken_rules: 'what came in breaks a rule',
  broken_table: 'the answer could not be read',
  config: 'a setting is wrong',
  crash: 'a fault in the code',
  cut_off: 'the answer was cut off',
  data: 'what came in breaks a rule',
  disabled: 'GitHub disabled the workflow',
  fenced: 'another process had ended the run',
  games_on: 'games are on',
  items_failed: 'some items failed',
  leagues_off: 'the variable LEAGUES and the schedule part',
  ledger: 'the database was away or refused',
  lost_column: 'a column is missing',
  missed: 'a slot was missed',
  never_seen: 'a new cron line was not served',
  next_slot_unknown: 'no next slot is known',
  not_csv: 'the answer could not be read',
  not_started: 'a run never began',
  overdue: 'a slot is overdue',
  rescue_lost: 'a request led to no run',
  source: 'trouble with the source',
  source_address: 'the source’s address is wrong',
  source_cut_off: 'the answer was cut off',
  source_file: 'the source’s file could not be read',
  source_status: 'the source answered with an error',
  source_too_large: 'the answer was too large',
  stale: 'no success for long',
  stuck: 'a run makes no progress',
  unknown_request: 'its request is not known',
  clock_silent: 'the outside clock started no pass',
  wake_up_gap: 'nobody looked for long',
  watch_failed: 'a check could not do all of its work',
  alerts_broken: 'a way to tell people refuses, or cannot be read as it is set',
}

/** `the source answered with an error` for `source_status`. */
export function sayCode(code: string): string {
  return WORDS[code] ?? code.replaceAll('_', ' ')
}
