/**
 * What an expression may reach of the language's library: globals and their members, and methods by the type of the receiver. The compiler refuses
 * the rest with a problem, the interpreter does not have it. Only what is pure, or touches the run's own values, is here.
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

export const errorClasses = [
  "Error",
  "EvalError",
  "RangeError",
  "ReferenceError",
  "SyntaxError",
  "TypeError",
  "URIError",
  "AggregateError",
];
// biome-ignore format: two rows
export const typedArrays = [
  "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
  "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array",
];

/** Name of a global → its members that may be used. A global that may be called or constructed is here too, also with no members. */
// biome-ignore format: a row per global
export const globals: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...["undefined", "NaN", "Infinity", "parseInt", "parseFloat", "isNaN", "isFinite", "structuredClone"].map(none),
  ...["encodeURIComponent", "decodeURIComponent", "encodeURI", "decodeURI"].map(none),
  ["Math", words(`E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor
    fround hypot imul log log10 log1p log2 max min pow random round sign sin sinh sqrt tan tanh trunc`)],
  ["JSON", words("parse stringify")],
  ["Object", words("assign entries freeze fromEntries groupBy hasOwn is isFrozen keys values")],
  ["Array", words("from isArray of")],
  ["Number", words(`EPSILON MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY isFinite isInteger
    isNaN isSafeInteger parseFloat parseInt`)],
  ["String", words("fromCharCode fromCodePoint")],
  none("Boolean"),
  ["BigInt", words("asIntN asUintN")],
  ["Date", words("UTC now parse")],
  ["Map", words("groupBy")],
  none("Set"),
  none("RegExp"),
  ["Promise", words("all allSettled any race reject resolve withResolvers")],
  none("ArrayBuffer"),
  ["crypto", words("randomUUID")],
  ["performance", words("now")],
  ...errorClasses.map(none),
  ...typedArrays.map((name): [string, ReadonlySet<string>] => [name, words("BYTES_PER_ELEMENT from of")]),
]);

const array =
  words(`at concat copyWithin entries every fill filter find findIndex findLast findLastIndex flat flatMap forEach includes indexOf
  join keys lastIndexOf length map pop push reduce reduceRight reverse shift slice some sort splice toReversed toSorted toSpliced toString
  unshift values with`);
const typedArray =
  words(`at buffer byteLength byteOffset copyWithin entries every fill filter find findIndex findLast findLastIndex forEach
  includes indexOf join keys lastIndexOf length map reduce reduceRight reverse set slice some sort subarray toReversed toSorted toString values with`);
const error = words("cause message name toString");
const set =
  words(`add clear delete difference entries forEach has intersection isDisjointFrom isSubsetOf isSupersetOf keys size
  symmetricDifference union values`);
const map = words("clear delete entries forEach get has keys set size values");

/** Name of a receiver's type, as the language's library calls it → the members that may be used. */
// biome-ignore format: a row per type
export const members: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["String", words(`at charAt charCodeAt codePointAt concat endsWith includes indexOf isWellFormed lastIndexOf length localeCompare match
    matchAll normalize padEnd padStart repeat replace replaceAll search slice split startsWith substring toLowerCase toString toUpperCase
    toWellFormed trim trimEnd trimStart valueOf`)],
  ["Number", words("toExponential toFixed toPrecision toString valueOf")],
  ["BigInt", words("toString valueOf")],
  ["Boolean", words("toString valueOf")],
  ["Array", array],
  ["ReadonlyArray", array],
  ["Object", words("hasOwnProperty toString valueOf")],
  ["Function", words("call name length")],
  ["CallableFunction", words("call name length")],
  ["Map", map],
  ["ReadonlyMap", map],
  ["Set", set],
  ["ReadonlySet", set],
  ["ReadonlySetLike", set],
  ["Date", words(`getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime getTimezoneOffset getUTCDate
    getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth getUTCSeconds setDate setFullYear setHours
    setMilliseconds setMinutes setMonth setSeconds setTime setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes setUTCMonth
    setUTCSeconds toDateString toISOString toJSON toString toTimeString toUTCString valueOf`)],
  ["RegExp", words("dotAll exec flags global hasIndices ignoreCase lastIndex multiline source sticky test toString unicode")],
  ["RegExpMatchArray", words("groups index indices input")],
  ["RegExpExecArray", words("groups index indices input")],
  ["Promise", words("catch finally then")],
  ["PromiseLike", words("then")],
  ["PromiseWithResolvers", words("promise reject resolve")],
  ["PromiseFulfilledResult", words("status value")],
  ["PromiseRejectedResult", words("reason status")],
  ["Error", error],
  ["AggregateError", words("cause errors message name toString")],
  ["Iterator", words("next")],
  ["IteratorObject", words("drop every filter find flatMap forEach map next reduce some take toArray")],
  ["ArrayIterator", words("next")],
  ["IteratorYieldResult", words("done value")],
  ["IteratorReturnResult", words("done value")],
  ["ArrayBuffer", words("byteLength slice")],
  ...errorClasses.filter((name) => name !== "AggregateError").map((name): [string, ReadonlySet<string>] => [name, error]),
  ...typedArrays.map((name): [string, ReadonlySet<string>] => [name, typedArray]),
]);

/** Methods that change their receiver. */
export const mutators: ReadonlySet<string> =
  words(`add clear copyWithin delete fill pop push reverse set setDate setFullYear setHours
  setMilliseconds setMinutes setMonth setSeconds setTime setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes setUTCMonth
  setUTCSeconds shift sort splice unshift`);

function none(name: string): [string, ReadonlySet<string>] {
  return [name, new Set()];
}
