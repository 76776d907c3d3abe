/**
 * The encoder of all values that are not flat. The bundle of a step does not carry it: the process that runs the step hands it over, by a global symbol. The bundler
 * says which it is, so that it can leave the package out.
 */
import * as devalue from "devalue";

type Encoder = Pick<typeof devalue, "parse" | "stringify" | "unflatten">;

const handed = Symbol.for("reprise.encoder");
const holder = globalThis as { [handed]?: Encoder };

export const { parse, stringify, unflatten }: Encoder = (import.meta as { repriseStep?: true }).repriseStep
  ? encoderOfProcess()
  : devalue;

/** To the bundles that this process loads from now on. */
export function handEncoder(): void {
  holder[handed] ??= devalue;
}

function encoderOfProcess(): Encoder {
  const encoder = holder[handed];
  if (encoder === undefined)
    throw new Error("the bundle of a step was loaded outside of Reprise: import the module that declares the step");
  return encoder;
}
