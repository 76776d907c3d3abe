/** Not a literal: whoever bundles a step is not to bundle the runtime with it. */
const name = ["reprise", "runtime"].join("/");

/** The package's own runtime, loaded when it is first asked for. */
export const runtime = <Exports>(): Promise<Exports> => import(/* @vite-ignore */ name) as Promise<Exports>;
