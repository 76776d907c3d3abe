/** The number of the latest event there was when events went with their tasks: none is used again. */
export const removedEvents = `
create table removed_events (
  latest integer not null
) strict;
`;
