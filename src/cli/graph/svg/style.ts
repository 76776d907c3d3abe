/** Colors, for light and for dark screens. */

const colors = (c: Record<string, string>): string =>
  `svg{${Object.entries(c)
    .map(([name, value]) => `--${name}:${value};`)
    .join("")}}`;

const light = {
  page: "#ffffff",
  ink: "#1c2430",
  faint: "#5d6878",
  line: "#7b8696",
  border: "#c3cad4",
  group: "rgba(96,116,145,.07)",
  step: "#eaf2fd",
  "step-line": "#5b8fd0",
  other: "#ffffff",
  decide: "#fdf3dc",
  "decide-line": "#c79a3c",
  wait: "#f2ecfb",
  "wait-line": "#9a7bc8",
  good: "#1f7a43",
  "good-fill": "#e3f5ea",
  bad: "#b3261e",
  "bad-fill": "#fdeae8",
  busy: "#0f6f8f",
  "busy-fill": "#e0f4fa",
  halt: "#8a5a00",
  "halt-fill": "#fdf1dd",
};

const dark = {
  page: "#12161c",
  ink: "#e6eaf0",
  faint: "#9aa5b4",
  line: "#8a95a5",
  border: "#3c4654",
  group: "rgba(150,175,215,.06)",
  step: "#1a2a40",
  "step-line": "#4f7fbd",
  other: "#1a2028",
  decide: "#33290f",
  "decide-line": "#a8823a",
  wait: "#2a2140",
  "wait-line": "#8465b5",
  good: "#6fd598",
  "good-fill": "#14301f",
  bad: "#ff8f86",
  "bad-fill": "#3d1917",
  busy: "#6ccbe8",
  "busy-fill": "#0e2f3a",
  halt: "#e8b45c",
  "halt-fill": "#382710",
};

export const style = [
  colors(light),
  `@media (prefers-color-scheme:dark){${colors(dark)}}`,
  `text{font-family:system-ui,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;fill:var(--ink)}`,
  ".detail,.fate{fill:var(--faint)}",
  ".page{fill:var(--page)}",
  "rect.group{fill:var(--group);stroke:var(--border)}",
  ".icon{fill:none;stroke:var(--faint);stroke-width:1.5}",
  ".outline{fill:var(--other);stroke:var(--border);stroke-width:1.2}",
  ".step>.outline{fill:var(--step);stroke:var(--step-line)}",
  ".decision>.outline{fill:var(--decide);stroke:var(--decide-line)}",
  ".wait>.outline{fill:var(--wait);stroke:var(--wait-line)}",
  ".wire path{fill:none;stroke:var(--line);stroke-width:1.3}",
  ".wire.control path{stroke-dasharray:1.5 4;stroke-linecap:round;stroke-width:1.6}",
  ".wire .tip{fill:var(--line);stroke:none}",
  ...["completed good", "failed bad", "running busy", "aborted halt"].map((pair) => {
    const [status, color] = pair.split(" ");
    return `.${status}>.outline{fill:var(--${color}-fill);stroke:var(--${color})}.${status}>.fate{fill:var(--${color})}`;
  }),
  ".skipped>.outline,.waiting>.outline{fill:none;stroke:var(--border);stroke-dasharray:4 3}",
  ".skipped>text,.skipped text{fill:var(--line);opacity:.75}",
  ".added>.outline,rect.added{stroke:var(--good);stroke-width:2.2}.added>.outline{fill:var(--good-fill)}",
  ".changed>.outline,rect.changed{stroke:var(--halt);stroke-width:2.2}.changed>.outline{fill:var(--halt-fill)}",
  ".removed>.outline,rect.removed{stroke:var(--bad);stroke-width:1.6;stroke-dasharray:5 3}.removed>.outline{fill:var(--bad-fill)}",
  ".removed>text{text-decoration:line-through}",
  ...["added good", "removed bad"].map((pair) => {
    const [change, color] = pair.split(" ");
    return `.wire.${change} path{stroke:var(--${color})}.wire.${change} .tip{fill:var(--${color})}`;
  }),
].join("");
