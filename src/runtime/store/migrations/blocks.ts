/**
 * Sparse indexes: which blocks of 8,192 events hold some of a run, and which blocks of 256 tasks may hold some that run. A step seldom enters a new block, while an
 * index by run, or of what runs, is a page more in each of its commits.
 */
export const blocks = `
create table chapters (
  run integer not null references tasks (key), -- whose events they are, or whose calls'
  block integer not null, -- of their numbers
  rows text, -- JSON: the numbers of all of its rows there; absent where they are many, or not known
  primary key (run, block)
) strict, without rowid;
insert into chapters (run, block)
  select run, seq / 8192 from events union select root, seq / 8192 from events where root is not null;
drop index events_of_run;
drop index events_of_root;

create table running (
  block integer primary key -- of the tasks' keys
) strict;
insert into running select distinct key / 256 from tasks where status = 'running';
create view running_tasks as
  select t.* from running r cross join tasks t on t.key >= r.block * 256 and t.key < (r.block + 1) * 256
  where +t.status = 'running'; -- the sign keeps the planner from an index of its own, over all tasks
drop index tasks_open;
create index tasks_waiting on tasks (queue, priority desc, age, root, run) where status = 'queued';
`;
