/** Events that tasks were deleted: they have no row that an event could refer to. Those of the last day are kept. */
export const deletions = `
create table deletions (
  seq integer primary key,
  task text not null,
  at integer not null
) strict;
`;
