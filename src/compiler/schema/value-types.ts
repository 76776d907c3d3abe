/** Instances: those that survive the way between steps, and those that do not. */
import { ts } from "ts-morph";
import type { JsonSchema } from "../../model/template.ts";
import type { Describer } from "./describer.ts";

// biome-ignore format: two rows
const typedArrays = [
  "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
  "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array",
];

/** Named by their own class. */
const plainInstances = new Set(["Date", "RegExp", "URL", "ArrayBuffer", ...typedArrays]);

const collections = new Map<string, (args: readonly ts.Type[], path: string, describer: Describer) => JsonSchema>([
  ["Map", mapOf],
  ["ReadonlyMap", mapOf],
  ["Set", setOf],
  ["ReadonlySet", setOf],
]);

/** The schema of an instance of a class; `undefined` where the type is a plain object's. A class that cannot be passed is a problem. */
export function instanceOf(type: ts.ObjectType, path: string, describer: Describer): JsonSchema | undefined {
  const { symbol } = type;
  if (symbol === undefined || type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0)
    return undefined;
  if (describer.context.dsl.typeName(type) === "Artifact") return { "x-type": "Artifact" };
  if (isError(type, describer.context.checker)) return { "x-type": "Error" };
  if (isAmbient(symbol)) {
    if (plainInstances.has(symbol.name)) return { "x-type": symbol.name };
    const collection = collections.get(symbol.name);
    if (collection)
      return collection(describer.context.checker.getTypeArguments(type as ts.TypeReference), path, describer);
    if (symbol.name === "Promise" || symbol.name === "PromiseLike") return describer.refuse("a promise", path);
    if (symbol.name === "Function") return describer.refuse("a function", path);
    if (symbol.name === "Object") return true;
  }
  const isInstance = (symbol.flags & ts.SymbolFlags.Class) !== 0 || (isAmbient(symbol) && hasConstructor(symbol));
  return isInstance ? describer.refuse(`an instance of the class ${symbol.name}`, path) : undefined;
}

function mapOf([keys, values]: readonly ts.Type[], path: string, describer: Describer): JsonSchema {
  return {
    "x-type": "Map",
    "x-keys": keys ? describer.describe(keys, `${path}.keys()`) : true,
    "x-values": values ? describer.describe(values, `${path}.values()`) : true,
  };
}

function setOf([values]: readonly ts.Type[], path: string, describer: Describer): JsonSchema {
  return { "x-type": "Set", "x-values": values ? describer.describe(values, `${path}.values()`) : true };
}

/** Errors of every class pass as errors: their class name, message and cause are kept. */
function isError(type: ts.ObjectType, checker: ts.TypeChecker): boolean {
  if (type.symbol?.name === "Error" && isAmbient(type.symbol)) return true;
  return (
    type.isClassOrInterface() && checker.getBaseTypes(type).some((base) => isError(base as ts.ObjectType, checker))
  );
}

/** Declared by TypeScript's libraries or by Node's types, not by the author and not by a package. */
function isAmbient(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some((declaration) => {
    const { fileName, isDeclarationFile } = declaration.getSourceFile();
    return isDeclarationFile && /\/(typescript\/lib|@types\/node|undici-types)\//.test(fileName);
  });
}

function hasConstructor(symbol: ts.Symbol): boolean {
  return (symbol.flags & ts.SymbolFlags.Interface) !== 0 && (symbol.flags & ts.SymbolFlags.Variable) !== 0;
}
