import { expect, onTestFinished, test, vi } from "vitest";
import { openBrowser } from "./browser.ts";

test.runIf(process.platform === "linux" && process.arch === "x64")(
  "where the machine has no browser, the one that comes by npm starts, and has letters and a language to write with",
  async () => {
    vi.stubEnv("CHROME_PATH", "");
    const browser = await openBrowser();
    onTestFinished(async () => {
      await browser.close();
      vi.unstubAllEnvs();
    });
    const page = await browser.newPage();
    await page.setContent("<h1>letters</h1>");
    expect(await page.evaluate("new Intl.NumberFormat(navigator.language).format(0.5)")).toBe("0.5");
    // A text that has no font takes no room.
    await page.locator("h1").getByText("letters").waitFor({ state: "visible" });
  },
  120_000,
);
