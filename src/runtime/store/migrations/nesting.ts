/**
 * Runs that were called by runs. `root` is the run that nobody called: an agent that serves one run claims by it, whatever called what. Only the events
 * of runs that were called need it: those of the root itself have it as their run.
 */
export const nesting = `
alter table entries add column root integer references tasks (key);
update entries set root = run;
drop index entries_of_run;
create index entries_of_run on entries (run);
create index entries_of_root on entries (root, queue, priority desc, age);

alter table events add column root integer references tasks (key);
create index events_of_root on events (root) where root is not null;
`;
