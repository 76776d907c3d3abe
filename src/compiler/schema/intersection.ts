import { ts } from "ts-morph";
import type { JsonSchema } from "../../model/template.ts";
import type { Describer } from "./describer.ts";
import { objectOf } from "./object.ts";

/** Objects are merged into one; a primitive with a brand is the primitive. */
export function intersectionOf(type: ts.IntersectionType, path: string, describer: Describer): JsonSchema {
  const value = type.types.find((member) => !isPlainObject(member, describer));
  return value ? describer.describe(value, path) : objectOf(type, path, describer);
}

/** Whatever else there is (a primitive, an array, a Date) says what the value is at run time. */
function isPlainObject(type: ts.Type, { context: { checker } }: Describer): boolean {
  if ((type.flags & ts.TypeFlags.Object) === 0 && !type.isIntersection()) return false;
  return !checker.isArrayType(type) && !checker.isTupleType(type) && !isLibraryInstance(type);
}

function isLibraryInstance({ symbol }: ts.Type): boolean {
  return (
    symbol !== undefined &&
    (symbol.flags & ts.SymbolFlags.Value) !== 0 &&
    (symbol.flags & ts.SymbolFlags.Interface) !== 0
  );
}
