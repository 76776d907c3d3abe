/** Tasks of which an event has said that they wait where no agent serves them. Those that wait no more may be among them. */
export const unserved = `
create table unserved (
  task integer primary key references tasks (key)
) strict;
`;
