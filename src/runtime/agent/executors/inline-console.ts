/** The console of steps that run in the agent's process: what a step says goes to its own log, everybody else's words where they went before. */
import { Console } from "node:console";
import { Writable } from "node:stream";
import { type StepContext, stepContext } from "../../../model/context.ts";
import type { LogLevel } from "../../../model/log.ts";
import type { Recorder } from "../recorder.ts";

type Method = (...args: unknown[]) => unknown;
type Methods = Record<string, Method>;

export interface CapturedConsole {
  /** What runs in that context, and all that it starts, says to `console` goes to that recorder. */
  capture(context: StepContext, recorder: Recorder): void;
  /** Gives the console back as it was. */
  release(): void;
}

/** Where a step's context has its console. Most steps say nothing: its methods are made when one does. */
const own: unique symbol = Symbol("console");
type Speaking = StepContext & { [own]?: { recorder: Recorder; methods?: Methods } };

let captures = 0;
let original: Methods = {};

export function captureConsole(): CapturedConsole {
  if (captures === 0) install();
  captures += 1;
  return {
    capture(context: Speaking, recorder) {
      context[own] = { recorder };
    },
    release() {
      captures -= 1;
      if (captures === 0) Object.assign(globalThis.console, original);
    },
  };
}

function install(): void {
  const console = globalThis.console as unknown as Methods;
  const names = Object.keys(console).filter((name) => typeof console[name] === "function" && name in Console.prototype);
  original = Object.fromEntries(names.map((name) => [name, console[name]!]));
  for (const name of names) console[name] = (...args) => (ownConsole()?.[name] ?? original[name]!)(...args);
}

/** Of the step that speaks. */
function ownConsole(): Methods | undefined {
  const console = (stepContext.getStore() as Speaking | undefined)?.[own];
  if (console === undefined) return undefined;
  console.methods ??= leveled(console.recorder);
  return console.methods;
}

const levels: Partial<Record<string, LogLevel>> = { debug: "debug", trace: "debug", warn: "warn", error: "error" };

function leveled(recorder: Recorder): Methods {
  let level: LogLevel | undefined;
  /** Console writes whole lines at once, and at once. */
  const lines = (stream: "stdout" | "stderr") =>
    new Writable({
      decodeStrings: false,
      write(text: string, _encoding, done) {
        for (const line of text.replace(/\n$/, "").split("\n")) recorder.line(stream, line, level);
        done();
      },
    });
  const console = new Console({ stdout: lines("stdout"), stderr: lines("stderr") }) as unknown as Methods;
  for (const [name, its] of Object.entries(levels)) {
    const speak = console[name]!;
    console[name] = (...args) => {
      const around = level;
      level = its;
      speak(...args);
      level = around;
    };
  }
  return console;
}
