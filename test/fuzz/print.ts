/** Prints a random program as TypeScript that compiles and ends: every reference is to something in scope, every loop has its bound. */
import type { Program, Statement, Test, Value } from "./tree.ts";

type Kind = "numbers" | "mutable" | "lists" | "objects" | "promises" | "functions";

/** What is in scope, and what the statements there may do. */
type Scope = {
  [kind in Kind]: string[];
} & {
  async: boolean;
  loop: boolean;
  breakable: boolean;
  labels: { name: string; loop: boolean }[];
  /** How deep functions are within functions: calls of calls must not explode. */
  depth: number;
  tick: string;
};

export function print({ body, value, ticking }: Program): string {
  return new Printer().program(body, value, ticking);
}

const binary = ["+", "-", "*", "%", "&", "|", "^", "<", "===", ">="];
const compound = ["=", "+=", "-=", "*=", "??=", "||=", "&&="];
const comparisons = ["<", ">", "<=", ">=", "===", "!=="];
const logical = ["&&", "||", "??"];
const combinators = ["all", "race", "any", "allSettled"];
const steps = ["a", "b", "c", "fit"];

class Printer {
  #count = 0;

  program(body: Statement[], value: Value, ticking: number): string {
    const scope: Scope = {
      numbers: ["n"],
      mutable: ["n"],
      lists: ["out"],
      objects: ["o"],
      promises: [],
      functions: [],
      async: true,
      loop: false,
      breakable: false,
      labels: [],
      depth: 0,
      tick: ticking > 0 ? "t" : "",
    };
    const clock =
      ticking > 0
        ? `let t = 0; const ticking = (async () => { for (let i = 0; i < ${ticking}; i++) { await null; t += 1; } })();\n`
        : "";
    const inside = this.statements(body, scope);
    const end = `return [${this.value(value, scope)}, n, out, o${ticking > 0 ? ", t" : ""}];`;
    return `const LIMIT = 2;
function half(x: any): any { return Math.floor(x / LIMIT); }
async function body(n: any): Promise<any> {
${clock}const out: any[] = []; const o: any = { x: n, y: 1, z: [n, { w: 2 }] }; const g: any = { f: (q: any) => q + 1 };
${inside}
${ticking > 0 ? "await ticking;\n" : ""}${end}
}`;
  }

  // Statements

  statements(nodes: Statement[], outer: Scope): string {
    const scope = within(outer);
    return nodes.map((node) => this.statement(node, scope)).join("\n");
  }

  private statement(node: Statement, s: Scope): string {
    switch (node.is) {
      case "declare": {
        const value = this.value(node.value, s);
        const name = this.fresh("x");
        s.numbers.push(name);
        if (node.mutable) s.mutable.push(name);
        return `${node.mutable ? "let" : "const"} ${name}: any = ${value};`;
      }
      case "list": {
        const parts = node.parts.map((part) => this.value(part, s));
        if (node.spread > 1) parts.splice(node.spread - 2, 0, `...${pick(s.lists, node.spread)}.slice(0, 3)`);
        const name = this.fresh("l");
        s.lists.push(name);
        return `const ${name}: any[] = [${parts.join(", ")}];`;
      }
      case "object": {
        const parts = node.parts.map(
          (part, i) => `${i === 1 ? `["x" + ${i}]` : (["x", "y", "z"][i] as string)}: ${this.value(part, s)}`,
        );
        if (node.spread > 1) parts.splice(node.spread - 2, 0, `...${pick(s.objects, node.spread)}`);
        if (node.alias) parts.push(`inner: ${pick(s.objects, node.spread)}`);
        const name = this.fresh("o");
        s.objects.push(name);
        return `const ${name}: any = { ${parts.join(", ")} };`;
      }
      case "alias": {
        const name = this.fresh(node.list ? "l" : "o");
        const of = pick(node.list ? s.lists : s.objects, node.of);
        (node.list ? s.lists : s.objects).push(name);
        return `const ${name}: any = ${of};`;
      }
      case "destructure":
        return this.destructure(node.form, node.of, node.fallback, s);
      case "do":
        return `${this.statementValue(node.value, s)};`;
      case "out":
        return `out.push(${node.parts.map((part) => this.value(part, s)).join(", ")});`;
      case "push":
        return `${pick(s.lists, node.to)}.push(${this.value(node.value, s)});`;
      case "promise": {
        const value = this.promise(node.value, s);
        const name = this.fresh("p");
        s.promises.push(name);
        return `const ${name}: any = ${value};`;
      }
      case "if": {
        const otherwise = node.else === null ? "" : ` else { ${this.statements(node.else, s)} }`;
        return `if (${this.test(node.test, s)}) { ${this.statements(node.then, s)} }${otherwise}`;
      }
      case "loop":
        return this.loop(node, s);
      case "switch": {
        const inside = { ...within(s), breakable: true };
        let fallback = false;
        const cases = node.cases.map((one, i) => {
          const when = i === 1 && s.async ? `(await a(${i - 1}))` : i;
          const head = one.fallback && !fallback ? "default" : `case ${when}`;
          if (one.fallback) fallback = true;
          return `${head}: { ${this.statements(one.body, inside)} ${one.leaves ? "break;" : ""} }`;
        });
        return `switch (${this.value(node.on, s)} % 3) { ${cases.join(" ")} }`;
      }
      case "block": {
        if (node.leaves === null) return `{ ${this.statements(node.body, s)} }`;
        const label = this.fresh("block");
        const inside = { ...within(s), labels: [...s.labels, { name: label, loop: false }] };
        return `${label}: { if (${this.test(node.leaves, s)}) break ${label}; ${this.statements(node.body, inside)} }`;
      }
      case "leave":
        return this.leave(node.how, node.when, node.far, s);
      case "return":
        return `if (${this.test(node.when, s)}) return ${this.value(node.value, s)};`;
      case "throw": {
        const value = this.value(node.value, s);
        const thrown = [
          `new Error("e" + ${value})`,
          `new RangeError("r" + ${value}, { cause: new TypeError("why") })`,
          `{ thrown: ${value} }`,
          value,
        ][node.how];
        return `if (${this.test(node.when, s)}) throw ${thrown};`;
      }
      case "try": {
        const body = this.statements(node.body, s);
        const name = this.fresh("e");
        const inside = within(s);
        const note = node.names
          ? `out.push(${name} instanceof Error ? ${name}.name + (${name} instanceof TypeError ? "" : ${name}.message) : ${name});`
          : "";
        const handler =
          node.handler === null && node.last !== null
            ? ""
            : ` catch${node.names ? ` (${name}: any)` : ""} { ${note} ${this.statements(node.handler ?? [], inside)} }`;
        const last = node.last === null ? "" : ` finally { ${this.statements(node.last, s)} }`;
        return `try { ${body} }${handler}${last}`;
      }
      case "function":
        return this.function(node, s);
      case "handle": {
        const value = this.value(node.value, s);
        if (node.detached) return `detach(${steps[node.step]}(${value}));`;
        const name = this.fresh("h");
        s.promises.push(`${name}.result()`);
        return `const ${name}: any = start(${steps[node.step]}, ${value});${node.abort ? ` ${name}.abort("enough");` : ""}`;
      }
      case "later": {
        const on = s.promises.length > 0 ? pick(s.promises, node.on) : "Promise.resolve(1)";
        const name = this.fresh("p");
        const inside = {
          ...within(s),
          async: false,
          loop: false,
          breakable: false,
          labels: [],
          numbers: [...s.numbers, "v"],
        };
        const value = this.value(node.value, inside);
        const chained = [
          `${on}.then((v: any) => ${value})`,
          `${on}.catch((v: any) => ${value})`,
          `${on}.finally(() => { out.push("finally"); })`,
          `${on}.then((v: any) => [v], (v: any) => "caught")`,
        ][node.how];
        s.promises.push(name);
        return `const ${name}: any = ${chained};`;
      }
      case "shadow": {
        const inside = within(s);
        const value = this.value(node.value, s);
        const name = s.numbers.at(-1) as string;
        const inner = { ...inside, mutable: [...inside.mutable, name] };
        const outer = this.fresh("s");
        return `const ${outer}: any = ${value}; { let ${name}: any = ${outer}; ${this.statements(node.body, inner)} out.push(${name}); }`;
      }
    }
  }

  private destructure(form: number, of: number, fallback: Value, s: Scope): string {
    const plain = this.value(fallback, s);
    const [x, y, rest] = [this.fresh("x"), this.fresh("x"), this.fresh("r")];
    const list = pick(s.lists, of);
    const object = pick(s.objects, of);
    const target = pick(s.mutable, of);
    const text = [
      `const [${x}, ${y} = ${plain}, , ...${rest}]: any = ${list}; out.push(${rest});`,
      `const { x: ${x}, missing: ${y} = ${plain} }: any = ${object};`,
      `let [${x}, ...${rest}]: any = ${list}; const ${y}: any = ${rest}.length;`,
      `const { y: ${x} = ${plain}, ...${rest} }: any = ${object}; const ${y}: any = Object.keys(${rest}).length;`,
      `const ${x}: any = 1, ${y}: any = 2; [${target}, ${object}.x] = [${object}.y, ${target}];`,
      `const ${x}: any = 0, ${y}: any = 0; ({ ["x" + ${x}]: ${target} = ${plain}, y: ${object}.y } = ${object});`,
      `const ${x}: any = 0, ${y}: any = 0; [${target} = ${plain}, , ${object}.z] = ${list};`,
      `let ${x}: any, ${y}: any; for ({ x: ${x} = ${plain} } of [{}, ${object}] as any[]) { ${y} = ${x}; }`,
    ][form] as string;
    s.numbers.push(x, y);
    return text;
  }

  private loop({ form, turns, test, body, label, closes }: Statement & { is: "loop" }, s: Scope): string {
    const i = this.fresh("i");
    const name = label ? this.fresh("loop") : undefined;
    const head = name ? `${name}: ` : "";
    const inside: Scope = {
      ...within(s),
      loop: true,
      breakable: true,
      labels: name ? [...s.labels, { name, loop: true }] : s.labels,
    };
    const asyncForm = s.async ? form : form === 5 ? 2 : form;
    if (asyncForm >= 2 && asyncForm !== 6) inside.numbers.push(i);
    if (asyncForm === 4) inside.numbers.pop();
    const closure = closes && s.depth === 0 ? `fs_${i}.push(() => ${asyncForm === 4 ? `${i}.length` : i});` : "";
    const setup = closure ? `const fs_${i}: any[] = []; ` : "";
    const after = closure ? ` out.push(fs_${i}.map((f: any) => f()));` : "";
    const wholeBody = `${closure} ${this.statements(body, inside)}`;
    const condition = this.test(test, s);
    const text = [
      `let ${i} = 0; ${head}while (${i} < ${turns + 1} && (${condition} || ${i} < 2)) { ${i} += 1; ${wholeBody} }`,
      `let ${i} = 0; ${head}do { ${i} += 1; ${wholeBody} } while (${i} < ${turns + 1} && ${condition});`,
      `${head}for (let ${i}: any = 0; ${i} < ${turns + 1}; ${i}++) { ${wholeBody} }`,
      `${head}for (const ${i} of ${pick(s.lists, turns)}.slice(0, 3)) { ${wholeBody} }`,
      `${head}for (const ${i} in ${pick(s.objects, turns)}) { ${wholeBody} }`,
      `${head}for await (const ${i} of [${this.promiseList(s)}]) { ${wholeBody} }`,
      `let ${i} = 0; ${head}for (;;) { if (${i}++ > ${turns}) break; ${wholeBody} }`,
    ][asyncForm] as string;
    return `${setup}${text}${after}`;
  }

  private wait(how: number, value: string): string {
    return [
      `(await sleep(Math.abs(Number(${value})) % 9 || 1), 1)`,
      `(await signal("go")).sent.length`,
      `(await signal("go", { timeLimit: 5 }).catch((e: any) => e.name)).length`,
      `(await Promise.race([sleep(5), a(${value})]))`,
      `(await sleepUntil(${value}).catch((e: any) => e.name))`,
    ][how] as string;
  }

  private promiseList(s: Scope): string {
    return [...s.promises.slice(-1), "a(1)", "2"].join(", ");
  }

  private leave(how: number, when: Test, far: boolean, s: Scope): string {
    const test = this.test(when, s);
    const label = far ? s.labels.at(0) : undefined;
    if (label && how % 2 === 0) return `if (${test}) break ${label.name};`;
    if (label?.loop) return `if (${test}) continue ${label.name};`;
    if (how % 2 === 0 && s.breakable) return `if (${test}) break;`;
    if (s.loop) return `if (${test}) continue;`;
    return `out.push(${test});`;
  }

  private function(
    { async, hoisted, params, fallback, body, value }: Statement & { is: "function" },
    s: Scope,
  ): string {
    const name = this.fresh("f");
    if (s.depth > 1) return "";
    const names = ["q", "w"].slice(0, params).map((p) => this.fresh(p));
    const inside: Scope = {
      ...within(s),
      numbers: [...s.numbers, ...names],
      mutable: [...s.mutable, ...names],
      async,
      loop: false,
      breakable: false,
      labels: [],
      depth: s.depth + 1,
    };
    const list = names.map((p, i) => (i > 0 && fallback ? `${p}: any = ${names[0]}` : `${p}?: any`)).join(", ");
    const text = `{ ${this.statements(body, inside)} return ${this.value(value, inside)}; }`;
    s.functions.push(async ? `${name}!` : name);
    const word = async ? "async " : "";
    return hoisted ? `${word}function ${name}(${list}) ${text}` : `const ${name} = ${word}(${list}) => ${text};`;
  }

  // Values

  /** As a statement of its own, a value must not be a promise that nobody keeps. */
  private statementValue(node: Value, s: Scope): string {
    return `n = ${this.value(node, s)}`;
  }

  private value(node: Value, s: Scope, plain = false): string {
    const sub = (inner: Value) => this.value(inner, s, plain);
    switch (node.is) {
      case "number":
        return String(node.n);
      case "ref":
        return s.tick && node.to === 7 ? s.tick : pick(s.numbers, node.to);
      case "binary":
        return `(${sub(node.a)} ${binary[node.op]} ${sub(node.b)})`;
      case "step":
        return s.async ? `(await ${this.call(node, s)})` : `half(${sub(node.input)})`;
      case "field":
        return node.deep
          ? `${pick(s.objects, node.of)}.z?.[0]`
          : `${pick(s.objects, node.of)}.${["x", "y", "x1", "missing"][node.which]}`;
      case "ternary":
        return `(${this.test(node.test, s, plain)} ? ${sub(node.a)} : ${sub(node.b)})`;
      case "logical":
        return `(${sub(node.a)} ${logical[node.op]} (${sub(node.b)}))`;
      case "assign":
        return plain ? sub(node.value) : `(${pick(s.mutable, node.to)} ${compound[node.op]} ${sub(node.value)})`;
      case "update": {
        const op = node.up ? "++" : "--";
        const name = pick(s.mutable, node.to);
        return node.prefix ? `(${op}${name})` : `(${name}${op})`;
      }
      case "set field":
        return plain ? sub(node.value) : `(${pick(s.objects, node.of)}.y ${compound[node.op]} ${sub(node.value)})`;
      case "call":
        return this.callFunction(node, s, plain);
      case "method":
        return this.method(node.which, node.of, node.args.map(sub), s);
      case "chain":
        return this.chain(node.which, node.of, node.args.map(sub), s);
      case "await promise":
        return s.async && s.promises.length > 0 ? `(await ${pick(s.promises, node.to)})` : pick(s.numbers, node.to);
      case "combine":
        return s.async && !plain ? `(await ${this.promise(node, s)})` : `[${node.parts.map(sub).join(", ")}].length`;
      case "fan out":
        return s.async && !plain && s.depth < 2 ? this.fanOut(node, s) : `${pick(s.lists, node.over)}.length`;
      case "immediately":
        return plain || s.depth > 1 ? sub(node.value) : this.immediately(node, s);
      case "wait":
        return s.async && !plain ? this.wait(node.how, sub(node.value)) : sub(node.value);
      case "chance": {
        const read = ["Math.random()", "Date.now()", "performance.now()", "new Date().getTime()"][node.source];
        return plain ? sub(node.value) : `(${read} > ${sub(node.value)} ? 1 : 2)`;
      }
      case "comma":
        return `(${sub(node.a)}, ${sub(node.b)})`;
      case "length": {
        const parts = node.parts.map(sub);
        return [
          `[${parts.join(", ")}].length`,
          `\`${parts.map((part) => `\${${part}}`).join("-")}\`.length`,
          `Math.max(0, ${parts.join(", ")})`,
          `Object.keys({ ${parts.map((part, i) => `k${i}: ${part}`).join(", ")} }).length`,
        ][node.how] as string;
      }
    }
  }

  /** A promise, not awaited: a step, an async function's, a combination. */
  private promise(node: Value, s: Scope): string {
    if (node.is === "step") return this.call(node, s);
    if (node.is === "combine") {
      const parts = node.parts.map((part) => this.promise(part, s));
      return `Promise.${combinators[node.how]}([${parts.join(", ")}])`;
    }
    if (node.is === "call") {
      const later = s.functions.filter((name) => name.endsWith("!"));
      if (later.length > 0)
        return `${pick(later, node.to).slice(0, -1)}(${node.args.map((arg) => this.value(arg, s)).join(", ")})`;
    }
    if (node.is === "immediately" && s.depth < 2) return this.immediatelyPromise(node, s);
    return this.value(node, s);
  }

  private call(node: Value & { is: "step" }, s: Scope): string {
    return `${steps[node.step]}(${this.value(node.input, s)}${s.tick && node.step === 0 ? ` + ${s.tick}` : ""})`;
  }

  private callFunction(node: Value & { is: "call" }, s: Scope, plain: boolean): string {
    const args = node.args.map((arg) => this.value(arg, s, plain));
    const callable = s.functions.filter((name) => !name.endsWith("!") || (s.async && !plain));
    if (callable.length === 0) return `half(${args[0] ?? "n"})`;
    const name = pick(callable, node.to);
    return name.endsWith("!") ? `(await ${name.slice(0, -1)}(${args.join(", ")}))` : `${name}(${args.join(", ")})`;
  }

  private method(which: number, of: number, args: string[], s: Scope): string {
    const list = pick(s.lists, of);
    const [x = "1", y = "2"] = args;
    return [
      `[${list}.length, ${x}].concat([${y}]).length`,
      `${list}.map((m: any) => (${s.numbers.at(-1)}, m)).length`,
      `${list}.filter((m: any) => m !== ${pick(s.numbers, of)}).length`,
      `${list}.indexOf(${x}, ${y})`,
      `String(${x}).padStart(${y}, "0").length`,
      `[3, 1, ${x}, 2].slice(${y}).length`,
      `(g.f?.(${x}) ?? ${pick(s.objects, of)}.f)`,
      `Math.min(${x}, ${y})`,
      `typeof (${x})`,
      `("x" in ${pick(s.objects, of)})`,
      `delete ${pick(s.objects, of)}.missing`,
      `(-(${x}) >>> 1)`,
      `String(${x}).replace(/\\d/g, (d: string) => d + ${pick(s.numbers, of)}).split(String(${y})).length`,
      `new Map([[${x}, ${y}], [1, 2]]).get(${x})`,
      `[...new Set([${x}, ${y}, 1])].length`,
      `new Date(Number(${x}) || 0).getTime()`,
      `Number(BigInt(Math.trunc(Number(${x}) || 0)) ** 2n % 97n)`,
      `JSON.parse(JSON.stringify({ v: ${x} })).v`,
      `(${list}.at(-1) ?? ${y})`,
      `[...${list}].sort((a: any, b: any) => (String(a) < String(b) ? -1 : 1)).length`,
      `new Uint8Array([${x}, ${y}])[0]`,
    ][which] as string;
  }

  private chain(which: number, of: number, args: string[], s: Scope): string {
    const object = pick(s.objects, of);
    const [x = "0"] = args;
    return [
      `${object}?.z?.[${x}]`,
      `${object}.missing?.deep.deeper[${x}]`,
      `${object}.missing?.(${x})`,
      `${object}.inner?.x`,
      `(${object}.missing ?? ${object})?.["x"]`,
    ][which] as string;
  }

  private fanOut({ how, over, body, value }: Value & { is: "fan out" }, s: Scope): string {
    const m = this.fresh("m");
    const inside: Scope = {
      ...within(s),
      numbers: [...s.numbers, m],
      loop: false,
      breakable: false,
      labels: [],
      depth: s.depth + 1,
    };
    const list = `${pick(s.lists, over)}.slice(0, 2)`;
    const text = `{ ${this.statements(body, inside)} return ${this.value(value, inside)}; }`;
    return [
      `(await Promise.all(${list}.map(async (${m}: any) => ${text})))`,
      `(await Promise.allSettled(${list}.map(async (${m}: any) => ${text}))).length`,
      `(await [1, 2].reduce(async (total: any, ${m}: any) => { await total; ${text} }, Promise.resolve(0)))`,
      `(await Promise.all(${list}.map(a)))`,
      `([1].forEach(async (${m}: any) => { try ${text} catch {} }), 1)`,
    ][how] as string;
  }

  private immediately({ body, value, async }: Value & { is: "immediately" }, s: Scope): string {
    if (async && s.async) return `(await ${this.immediatelyPromise({ is: "immediately", body, value, async }, s)})`;
    const inside: Scope = { ...within(s), async: false, loop: false, breakable: false, labels: [], depth: s.depth + 1 };
    return `(() => { ${this.statements(body, inside)} return ${this.value(value, inside)}; })()`;
  }

  private immediatelyPromise({ body, value }: Value & { is: "immediately" }, s: Scope): string {
    const inside: Scope = { ...within(s), async: true, loop: false, breakable: false, labels: [], depth: s.depth + 1 };
    return `(async () => { ${this.statements(body, inside)} return ${this.value(value, inside)}; })()`;
  }

  private test(node: Test, s: Scope, plain = false): string {
    return `${this.value(node.a, s, plain)} ${comparisons[node.op]} ${this.value(node.b, s, plain)}`;
  }

  private fresh(letter: string): string {
    this.#count += 1;
    return `${letter}${this.#count}`;
  }
}

/** The same scope, where what is declared inside is not seen outside. */
function within(s: Scope): Scope {
  return {
    ...s,
    numbers: [...s.numbers],
    mutable: [...s.mutable],
    lists: [...s.lists],
    objects: [...s.objects],
    promises: [...s.promises],
    functions: [...s.functions],
  };
}

function pick(names: string[], index: number): string {
  return names[index % names.length] as string;
}
