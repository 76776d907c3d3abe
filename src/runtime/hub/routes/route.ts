/** A route as the server serves it, and as the OpenAPI document tells it. */
import type * as z from "zod";
import type { Role, Token } from "../../../model/token.ts";
import type { Verb } from "../api.ts";

export type Served = {
  verb: Verb;
  /** From the root, with names in braces. */
  path: string;
  /** The least that may call it; `anyone`: without a token too. */
  role: Role | "anyone";
  says: string;
  takes?: z.ZodObject;
  gives?: z.ZodType;
  /** MIME type of what it takes where that is content: the handler reads it piece by piece. */
  takesContent?: string;
  givesContent?: string;
  /** What it takes may be so large. */
  largestMb?: number;
  answer(asked: Asked): Promise<Response> | Response;
  /** What it answers, where that is a value. */
  value?(asked: Asked): Promise<unknown>;
};

/** Whoever has no token, where none is needed, may do everything. */
export type Caller = Pick<Token, "id" | "role">;

export type Asked = {
  request: Request;
  caller: Caller;
  /** The names in the path. */
  path: Record<string, string>;
  /** What the schema has let in. */
  input: Record<string, unknown>;
  /** What `act` changes at once is changed once by the name of the request, where it has one. */
  once<T>(act: () => Promise<T>): Promise<T>;
};
