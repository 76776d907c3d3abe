import type { Hash } from "../../model/hash.ts";
import type { Role, Token } from "../../model/token.ts";
import { ConflictError, type Tokens } from "../ports.ts";
import type { Tables } from "./tables.ts";

export function tokensOf({ database }: Tables): Tokens {
  return {
    keep: ({ id, name, role, hash, createdAt, expiresAt }) =>
      database.write(() => {
        const sql = "insert into tokens (id, name, role, hash, created_at, expires_at) values (?, ?, ?, ?, ?, ?)";
        database.run(sql, id, name, role, hash, createdAt, expiresAt);
      }),
    list: () => database.read(() => database.all<TokenRow>("select * from tokens order by created_at").map(tokenIn)),
    find: (hash) =>
      database.read(() => {
        const row = database.get<TokenRow>("select * from tokens where hash = ?", hash);
        return row && tokenIn(row);
      }),
    revoke: (id) =>
      database.write(() => {
        if (database.get("select 1 from tokens where id = ?", id) === undefined)
          throw new ConflictError(`there is no token "${id}": reprise token list shows those that are`);
        database.run("update tokens set revoked_at = coalesce(revoked_at, ?) where id = ?", Date.now(), id);
      }),
  };
}

function tokenIn({ created_at, expires_at, revoked_at, ...row }: TokenRow): Token {
  return {
    ...row,
    createdAt: created_at,
    ...(expires_at !== null && { expiresAt: expires_at }),
    ...(revoked_at !== null && { revokedAt: revoked_at }),
  };
}

type TokenRow = {
  id: string;
  name: string;
  role: Role;
  hash: Hash;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
};
