/** What the model asks Node for, where there is none: in a browser. */

/** No step runs in a page. */
export class AsyncLocalStorage {
  getStore(): undefined {
    return undefined;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
export const stripVTControlCharacters = (text: string): string => text.replace(/\x1b\[[0-?]*[ -/]*[@-~]/g, "");

/** Hashes are made where contents are kept. */
export function hash(): never {
  throw new Error("the page makes no hashes");
}
