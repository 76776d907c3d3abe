/** What changes that have a name were answered with, so that one which is asked for again is not made again: the latest of them. */
export const answers = `
create table answers (
  key integer primary key,
  name text not null unique,
  value text -- JSON; absent where there was nothing to say
) strict;
`;
