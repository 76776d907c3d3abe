/** Conditions by which this process resolves what it imports, as arguments of Node: processes that it starts are to find the same files. */
export const ownConditions = (): string[] =>
  process.execArgv.filter((argument) => argument.startsWith("--conditions="));
