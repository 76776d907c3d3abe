/** The environment that a task asks for, and what hides its secrets. */
import type { Env } from "../../model/environment.ts";
import type { Failure } from "../../model/failure.ts";
import type { Claim } from "../ports.ts";
import { type Mask, maskOf, type Secrets } from "./secrets.ts";

export type Surroundings = { env?: Env; mask?: Mask };

/** At once, where the task asks for nothing. Rejects with a sentence where a secret is not known, or, without `secrets`, where it asks for anything. */
export function surroundingsOf(claim: Claim, secrets: Secrets | undefined): Surroundings | Promise<Surroundings> {
  const { env, secrets: names } = claim.task.options;
  return env === undefined && (names === undefined || names.length === 0) ? {} : resolved(claim, secrets);
}

async function resolved({ task }: Claim, secrets: Secrets | undefined): Promise<Surroundings> {
  const { env, secrets: names = [] } = task.options;
  if (secrets === undefined)
    throw new Error(
      `the step "${task.name}" has ${env ? "an environment" : "secrets"} of its own, and cannot run inline: run it in a process`,
    );
  const values = await secrets.resolve(names);
  return { env: { ...env, ...Object.fromEntries(values) }, ...(names.length > 0 && { mask: maskOf(values) }) };
}

/** A secret is nowhere in what a task keeps: why an output cannot be kept that holds one. */
export function secretIn(output: string | undefined, mask: Mask | undefined, name: string): Failure | undefined {
  const secret = output === undefined ? undefined : mask?.find(output);
  if (secret === undefined) return undefined;
  const message = `the output of step "${name}" holds the secret ${secret}, and would be kept: return something else`;
  return { name: "SecretError", message };
}
