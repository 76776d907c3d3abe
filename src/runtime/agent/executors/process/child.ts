/** A step process, seen from the agent: it runs one step after the other, and may die at any moment. */
import type { Revoked } from "../../../ports.ts";
import type { Recorder } from "../../recorder.ts";
import { takeInTurn } from "../measures.ts";
import type { StepCall } from "../step-call.ts";
import type { RanStep } from "../step-executor.ts";
import { answerTo } from "./answers.ts";
import { type Death, lostFailure } from "./death.ts";
import { Forked, type ForkOptions } from "./forked.ts";
import { Outbox } from "./outbox.ts";
import { Outputs, type Printing } from "./outputs.ts";
import { endOf, type FromWorker, type Question, receivedPoint } from "./protocol.ts";

export type ChildOptions = ForkOptions & {
  /** How long an aborted step may take to end by itself. */
  graceMs: number;
};

export interface Child {
  /** False once a step has left it in a state that no other should meet, or it is dead. */
  readonly usable: boolean;
  /** How many steps it has run. */
  readonly ran: number;
  /** What its last step took. */
  readonly tookMs: number;
  /** How long it has given no sign that it gets on. Without end where it would take no more behind what it has. */
  readonly silentMs: number;
  /** Resolves when it waits for its first step. */
  readonly ready: Promise<void>;
  /** Resolves when the process is dead and its output was read. */
  readonly gone: Promise<Death>;
  /**
   * Runs a step, after those that it was given before; a process that dies is an end, too, of the one that runs. Gives nothing where the step has not begun, and will not:
   * the process has died before, or it was taken back.
   */
  run(call: StepCall, recorder: Recorder, revoked: Revoked): Promise<RanStep | undefined>;
  /** Takes back what has not begun. It takes no more until all that it has begun is over and quiet. */
  takeBack(): void;
  /** Ends it in an orderly way. */
  end(): void;
  /** Ends it and all that it has started, at once. */
  kill(): void;
}

export function startChild(options: ChildOptions): Child {
  return new ForkedChild(options);
}

/** After SIGTERM. */
const killAfterMs = 1_000;
/** A call that was given to a child. */
type Call = Printing & {
  ended: PromiseWithResolvers<RanStep | undefined>;
  /** There where the process has not got rid of all that the step has printed. */
  printed?: PromiseWithResolvers<void>;
};

class ForkedChild implements Child {
  readonly gone: Promise<Death>;
  usable = true;
  ran = 0;
  tookMs = 0;
  readonly #ready = Promise.withResolvers<void>();
  readonly ready = this.#ready.promise;
  #dead: Death | undefined;
  readonly #forked: Forked;
  readonly #outbox: Outbox;
  readonly #options: ChildOptions;
  /** Those that have no answer. The first runs. */
  readonly #calls: Call[] = [];
  /** The last one that was answered, until there is a next: what it left running may still report. */
  #last: Call | undefined;
  /** What was answered before all of its output was read. */
  #unquiet: (PromiseWithResolvers<void> & { call: Call }) | undefined;
  #nextNumber = 0;
  #highestNumber = 0;
  #takingBack: PromiseWithResolvers<void> | undefined;
  #shuts = 0;
  #isShut = false;
  #heardAt = 0;
  readonly #outputs: Outputs;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#forked = new Forked(options);
    this.#outbox = new Outbox((message) => this.#forked.tell(message));
    this.#forked.process.on("message", (message: FromWorker) => this.#hear(message));
    this.#outputs = new Outputs(this.#forked.process, {
      isKnown: (number) => number <= this.#highestNumber,
      find: (number) => this.#calls.find((call) => call.number === number),
      crossed: () => this.#quieten(),
      ended: () => this.#loseOutput(),
    });
    // Node waits for its end, too.
    this.#forked.lifeline?.on("error", () => {}).on("data", (said) => this.#tookBack(Number(String(said))));
    // What the step has started ends with it.
    this.#forked.process.once("exit", () => this.kill());
    this.gone = this.#forked.death(() => this.#outputs.lastError);
    void this.gone.then((death) => this.#buried(death));
  }

  get silentMs(): number {
    if (!this.usable || this.#isShut) return Number.POSITIVE_INFINITY;
    return performance.now() - this.#heardAt;
  }

  async run(call: StepCall, recorder: Recorder, revoked: Revoked): Promise<RanStep | undefined> {
    // Until then it is not known which number comes next.
    if (this.#takingBack) await this.#takingBack.promise;
    if (!this.#dead && !this.#takes) return undefined;
    const mine: Call = { number: this.#nextNumber, recorder, ended: Promise.withResolvers() };
    this.#give(mine, call);
    const relent = this.#endWhenAborted(mine, revoked);
    const ran = await mine.ended.promise;
    relent();
    return ran;
  }

  get #takes(): boolean {
    if (!this.usable && this.#isQuiet) this.kill();
    return this.usable && (this.#isQuiet || !this.#isShut);
  }

  get #isQuiet(): boolean {
    return this.#calls.length === 0 && this.#unquiet === undefined;
  }

  #give(mine: Call, call: StepCall): void {
    const isBehind = !this.#isQuiet;
    this.#calls.push(mine);
    if (this.#dead) return this.#buried(this.#dead);
    this.#nextNumber += 1;
    this.#highestNumber = Math.max(this.#highestNumber, mine.number);
    if (!isBehind) {
      this.#isShut = false;
      this.#heardAt = performance.now();
      this.#outputs.begin(mine);
    }
    this.#outbox.add(call, { first: mine.number, shuts: this.#shuts, ...(isBehind && { behind: true }) });
  }

  /** A thread of the process answers, also where a step computes without a pause. */
  takeBack(): Promise<void> {
    this.#outbox.send();
    if (this.#takingBack === undefined) {
      this.#takingBack = Promise.withResolvers();
      this.#isShut = true;
      this.#shuts += 1;
      this.#forked.lifeline?.write("\n");
    }
    return this.#takingBack.promise;
  }

  #tookBack(notBegun: number): void {
    this.#release(notBegun);
    this.#takingBack?.resolve();
    this.#takingBack = undefined;
  }

  /** From that number on nothing has begun. */
  #release(notBegun: number): void {
    this.#isShut = true;
    this.#nextNumber = notBegun;
    while ((this.#calls.at(-1)?.number ?? -1) >= notBegun) this.#calls.pop()!.ended.resolve(undefined);
    if (this.#calls.length === 0 && !this.#unquiet?.call.printed) this.#readRest();
  }

  end(): void {
    this.usable = false;
    this.#forked.tell({ kind: "end" });
    const timer = setTimeout(() => this.kill(), killAfterMs);
    void this.gone.then(() => clearTimeout(timer));
  }

  kill(): void {
    this.#signal("SIGKILL");
  }

  #hear(message: FromWorker): void {
    if (message.kind === "ready") return this.#ready.resolve();
    const { recorder } = (this.#calls[0] ?? this.#last)!;
    switch (message.kind) {
      case "reports":
        for (const point of message.points) recorder.scalar(receivedPoint(point));
        for (const figure of message.figures) recorder.figure(figure);
        if (message.progress !== undefined) recorder.progress(message.progress);
        return;
      case "announce":
      case "withdraw":
        return recorder[message.kind](message.upload);
      case "question":
        return void this.#answer(message.number, message.question, recorder);
      case "returned":
      case "threw":
        return this.#hearEnd(message);
      case "printed":
        return this.#last?.printed?.resolve();
    }
  }

  #hearEnd(message: FromWorker & { kind: "returned" | "threw" }): void {
    const call = this.#calls[0]!;
    const end = endOf(message);
    this.ran += 1;
    this.tookMs = message.ms;
    this.#heardAt = performance.now();
    const isSpoiled = message.kind === "threw" && message.spoiled;
    if (isSpoiled) this.usable = false;
    if (isSpoiled || message.printing) this.#release(call.number + 1);
    if (this.#calls.length > 1) this.#outputs.readUpTo(call);
    this.#calls.shift();
    this.#last = call;
    const isOver = this.#calls.length === 0 && !message.printing;
    if (isOver) this.#readRest();
    if (isOver || this.#outputs.arePast(call)) return call.ended.resolve({ end });
    this.#unquiet = { call, ...Promise.withResolvers<void>() };
    call.ended.resolve({ end, quiet: this.#unquiet.promise });
    if (!message.printing) return;
    call.printed = Promise.withResolvers();
    void this.#unlessStuck(call.printed.promise).then(() => this.#readRest());
  }

  async #answer(to: number, question: Question, recorder: Recorder): Promise<void> {
    try {
      this.#forked.tell({ kind: "answer", to, value: await answerTo(question, recorder) });
    } catch (error) {
      this.#forked.tell({ kind: "answer", to, refused: (error as Error).message });
    }
  }

  #quieten(): void {
    if (this.#unquiet === undefined || !this.#outputs.arePast(this.#unquiet.call)) return;
    this.#unquiet.resolve();
    this.#unquiet = undefined;
  }

  /** What the next step prints would be lost. */
  #loseOutput(): void {
    this.usable = false;
    if (this.#calls.length > 1) void this.takeBack();
  }

  /** What the step has printed last: its process has no other before this was read. */
  #readRest(): void {
    this.#outputs.readRest();
    this.#unquiet?.resolve();
    this.#unquiet = undefined;
    if (!this.usable) this.kill();
  }

  /** A process that neither gets rid of what its step has printed nor gives more of it is stuck in what the step left running. */
  async #unlessStuck(printed: Promise<void>): Promise<void> {
    const timer = setTimeout(() => this.kill(), this.#options.graceMs);
    const hearNoMore = this.#outputs.whenRead(() => timer.refresh());
    await Promise.race([printed, this.gone]);
    clearTimeout(timer);
    hearNoMore();
  }

  /** Asks, then SIGTERM, then SIGKILL. Gives the way to relent. */
  #endWhenAborted(mine: Call, revoked: Revoked): () => void {
    let relent = () => {};
    const ask = () => {
      if (this.#calls[0] !== mine) return void this.takeBack().then(askIfBegun);
      // What is behind it does not wait for its grace.
      if (this.#calls.length > 1) void this.takeBack();
      askIfBegun();
    };
    const askIfBegun = () => {
      if (!this.#calls.includes(mine)) return;
      this.#outbox.send();
      this.#forked.tell({ kind: "abort", number: mine.number });
      relent = takeInTurn([
        { afterMs: this.#options.graceMs, take: () => this.#signal("SIGTERM") },
        { afterMs: killAfterMs, take: () => this.kill() },
      ]);
    };
    if (revoked.aborted) ask();
    else revoked.addEventListener("abort", ask, { once: true });
    return () => {
      revoked.removeEventListener("abort", ask);
      relent();
    };
  }

  #signal(signal: NodeJS.Signals): void {
    this.usable = false;
    this.#forked.signal(signal);
  }

  #buried(death: Death): void {
    this.#dead = death;
    this.usable = false;
    const [running, ...others] = this.#calls.splice(0);
    running?.ended.resolve({ end: { end: "threw", failure: lostFailure(death, this.#options.memoryMb) } });
    for (const { ended } of others) ended.resolve(undefined);
    this.#unquiet?.resolve();
    this.#takingBack?.resolve();
  }
}
