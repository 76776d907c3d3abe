/**
 * Access to members, checked: own properties, and what `model/builtins.ts` lists by the type of the receiver. What the language knows beyond
 * that, such as `constructor`, is refused; what it does not know is undefined, as everywhere.
 */
import { burn } from "../bounds/burn.ts";
import { capItems } from "../bounds/caps.ts";
import { burnCoercion, burnText } from "../bounds/size.ts";
import { aboutOwn, type Callable } from "../graph/own.ts";
import { staticsOf } from "./global.ts";
import { libraryMember } from "./library.ts";

type Keyed = Record<PropertyKey, unknown>;

/** `of[key]`. Throws a TypeError for null and undefined, and for what a body may not reach. */
export function getMember(of: unknown, key: unknown): unknown {
  if (of === null || of === undefined)
    throw new TypeError(`Cannot read properties of ${of} (reading '${nameOf(key)}')`);
  if (typeof key === "number" && typeof of !== "function") return (of as Keyed)[key]; // no prototype has indices
  const name = propertyKey(key);
  if (typeof of === "function") return memberOfFunction(of as Callable, name);
  if (name === "stack" && of instanceof Error) return refuse(of, name);
  if (Object.hasOwn(of as object, name)) return (of as Keyed)[name];
  return inherited(of as object, name);
}

/** `of[key] = value`. Throws a TypeError where the language would, and for all but plain objects, arrays, typed arrays and errors. */
export function setMember(of: unknown, key: unknown, value: unknown): void {
  if (of === null || of === undefined) throw new TypeError(`Cannot set properties of ${of} (setting '${nameOf(key)}')`);
  if (typeof key === "number" && Array.isArray(of)) {
    if (key > of.length) grows(of, key + 1);
    of[key] = value;
    return;
  }
  const name = propertyKey(key);
  if (!isWritable(of, name)) throw new TypeError(`'${name}' of ${describe(of)} cannot be set in a pipeline's body`);
  if (Array.isArray(of)) grows(of, name === "length" ? (value as number) : Number(name) + 1);
  (of as Keyed)[name] = value;
}

/** `delete of[key]`. */
export function deleteMember(of: unknown, key: unknown): boolean {
  if (of === null || of === undefined) throw new TypeError(`Cannot convert ${of} to object`);
  const name = propertyKey(key);
  if (typeof of !== "object") return true;
  if (!isWritable(of, name)) throw new TypeError(`'${name}' of ${describe(of)} cannot be deleted in a pipeline's body`);
  return delete (of as Keyed)[name];
}

/** The key of a property, as the language coerces it. */
export function propertyKey(key: unknown): string {
  if (typeof key === "string") {
    burnText(key.length);
    return key;
  }
  burnCoercion(key);
  if (typeof key === "symbol") throw new TypeError("a symbol cannot be a key in a pipeline's body");
  return `${key}`;
}

/** An array has a length also where it has no elements: what goes through it takes its time. */
function grows(of: readonly unknown[], length: number): void {
  if (length > of.length && capItems(length)) burn((length - of.length) / 8);
}

function inherited(of: object, name: string): unknown {
  for (let at = Object.getPrototypeOf(of); at !== null; at = Object.getPrototypeOf(at)) {
    const found = libraryMember(at, name);
    if (found !== undefined) return found === true ? (of as Keyed)[name] : found;
    if (Object.hasOwn(at, name)) return refuse(of, name);
  }
  return undefined;
}

function memberOfFunction(fn: Callable, name: string): unknown {
  if (name === "name" || name === "length") return (aboutOwn(fn) ?? fn)[name];
  if (name === "call") return call;
  const member = staticsOf(fn)?.get(name);
  if (member !== undefined) return member;
  return name in fn ? refuse(fn, name) : undefined;
}

/** `fn.call(of, …)`. A function of the language cannot be turned on a function of the language, which is everybody's. */
function call(this: unknown, of: unknown, ...args: unknown[]): unknown {
  if (typeof this !== "function") throw new TypeError("call was called on what is not a function");
  if (typeof of === "function" && aboutOwn(this) === undefined && !isStatic(of, this))
    throw new TypeError("this method cannot be called on a function in a pipeline's body");
  return Reflect.apply(this, of, args);
}

const isStatic = (of: object, fn: unknown) => [...(staticsOf(of)?.values() ?? [])].includes(fn);

function isWritable(of: unknown, name: string): boolean {
  if (typeof of !== "object" || of === null || name === "__proto__") return false;
  if (Array.isArray(of)) return true;
  if (of instanceof Error) return name !== "stack";
  if (of instanceof RegExp) return name === "lastIndex";
  if (ArrayBuffer.isView(of)) return true;
  const prototype = Object.getPrototypeOf(of);
  return prototype === Object.prototype || prototype === null;
}

function refuse(of: unknown, name: string): never {
  throw new TypeError(`'${name}' of ${describe(of)} is not available in a pipeline's body`);
}

function describe(of: unknown): string {
  if (typeof of === "function") return "a function";
  return typeof of === "object"
    ? `a value of type ${Object.prototype.toString.call(of).slice(8, -1)}`
    : `a ${typeof of}`;
}

const nameOf = (key: unknown) => (typeof key === "string" || typeof key === "number" ? key : typeof key);
