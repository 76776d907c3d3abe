import * as z from "zod";
import { hashSchema } from "../../../model/template-schema.ts";
import { roles } from "../../../model/token.ts";
import type { Ports } from "../api.ts";
import type { ShapesOf } from "./shape.ts";
import { time } from "./tasks.ts";

const token = z
  .strictObject({
    id: z.string().min(1),
    name: z.string(),
    role: z.enum(roles),
    hash: hashSchema,
    createdAt: time,
    expiresAt: time.optional(),
    revokedAt: time.optional(),
  })
  .meta({ id: "Token" });

export const tokens: ShapesOf<Ports["tokens"]> = {
  keep: { says: "lets in whoever has the secret of that hash", takes: token },
  list: { says: "the tokens, the oldest first; never their secrets", gives: z.array(token) },
  find: { says: "the token with the secret of that hash", gives: token },
  revoke: { says: "lets nobody in any more with that token" },
};
