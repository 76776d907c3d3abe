/** The page is built into `dist/web`, which the hub serves. */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  plugins: [react()],
  // The model asks Node for three small things.
  resolve: { alias: [{ find: /^node:(async_hooks|util|crypto)$/, replacement: here("node.ts") }] },
  build: {
    outDir: here("../dist/web"),
    emptyOutDir: true,
    target: "chrome123",
    // A style in an attribute or a script in the document would ask for a weaker content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
