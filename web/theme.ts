/** Light, dark, or as the reader's system is: all colors are pairs, `light-dark(…)`, of which the root's `color-scheme` takes one. */
const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const key = "reprise-theme";

export const theme = (): Theme => themes.find((known) => known === localStorage.getItem(key)) ?? "system";

export const applyTheme = (chosen: Theme = theme()): void => {
  document.documentElement.style.colorScheme = chosen === "system" ? "light dark" : chosen;
};

export function nextTheme(): Theme {
  const next = themes[(themes.indexOf(theme()) + 1) % themes.length]!;
  localStorage.setItem(key, next);
  applyTheme(next);
  return next;
}
