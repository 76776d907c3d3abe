/** The page of a hub, in a browser. */
import { spawn } from "node:child_process";
import { placeOf } from "../tasks/place.ts";
import { typed } from "./typing.ts";

/** Where a browser shows the run; undefined where the store is a folder, which no browser reaches. */
export function pageOf(run: string, store: string): string | undefined {
  const place = placeOf(store);
  return place.kind === "hub" ? `${place.name}/runs/${encodeURIComponent(run)}` : undefined;
}

/** Opens the run's page; of a folder, says how a hub shows it. */
export async function openRun(run: string, store: string): Promise<void> {
  const page = pageOf(run, store);
  if (page !== undefined) return openPage(page);
  const hub = typed(["hub", "--open"], store);
  process.stderr.write(`the store ${store} is a folder, which a hub shows in a browser: ${hub}, then the run ${run}\n`);
}

/** Opens it in the browser of whoever sits here; where nobody does, or there is none, says where it is. */
export async function openPage(address: string): Promise<void> {
  const words = openerOf(process.platform, process.env);
  if (words === undefined || !(await starts([...words, address])))
    process.stderr.write(`no browser can be opened from here: the page is at ${address}\n`);
}

/** The program that opens an address, with its arguments; undefined where there is no screen to show it on. */
export function openerOf(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] | undefined {
  if (platform === "darwin") return ["open"];
  // The first argument of `start` is the title of a window.
  if (platform === "win32") return ["cmd", "/c", "start", ""];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ["xdg-open"] : undefined;
}

function starts([program, ...words]: string[]): Promise<boolean> {
  const child = spawn(program!, words, { detached: true, stdio: "ignore" });
  child.unref();
  return new Promise((resolve) => {
    child.once("spawn", () => resolve(true));
    child.once("error", () => resolve(false));
  });
}
