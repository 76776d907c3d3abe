import type * as z from "zod";

/** What a route says of itself: what it takes beside the names in its path, and what it gives. */
export type Shape = {
  says: string;
  takes?: z.ZodObject;
  /** Absent where it gives nothing. */
  gives?: z.ZodType;
  /** What it takes may be so large; default: see `body.ts`. */
  largestMb?: number;
};

export type ShapesOf<Routes> = { [Name in keyof Routes]: Shape };
