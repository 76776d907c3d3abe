import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { csvTable, tableOf } from "../../web/parts/data-table.tsx";
import { Markdown } from "../../web/parts/markdown.tsx";

const html = (text: string) =>
  renderToStaticMarkup(createElement(Markdown, { text })).replace(/^<div class="markdown">|<\/div>$/g, "");

test.each([
  ["a heading, below those of the page", "# One", "<h3>One</h3>"],
  ["paragraphs", "one\ntwo\n\nthree", "<p>one\ntwo</p><p>three</p>"],
  ["strong, emphasis and code", "**a** _b_ `**c**`", "<p><strong>a</strong> <em>b</em> <code>**c**</code></p>"],
  ["names with underlines as they are", "snake_case_name", "<p>snake_case_name</p>"],
  ["a list", "- one\n- two", "<ul><li>one</li><li>two</li></ul>"],
  ["a list in a list", "1. one\n   - two", '<ol start="1"><li>one<ul><li>two</li></ul></li></ol>'],
  [
    "code as it is",
    "```ts\n# no *heading*\n```",
    '<pre tabindex="0"><code class="language-ts lang-ts"># no *heading*</code></pre>',
  ],
  ["a quote", "> # One\n> two", "<blockquote><h3>One</h3><p>two</p></blockquote>"],
  ["a rule", "---", "<hr/>"],
])("Markdown has %s", (_, text, expected) => {
  expect(html(text)).toBe(expected);
});

test("HTML is text, a script is no address, and a picture of elsewhere is a link to it", () => {
  expect(html('<img src="x" onerror="alert(1)">')).not.toContain("<img");
  expect(html("<script>alert(1)</script>")).not.toContain("<script");
  for (const address of ["javascript:alert", "JaVaScRiPt:alert", "data:text/html,x", "//example.org", "vbscript:x"])
    expect(html(`[go](${address})`)).toBe("<p><span>go</span></p>");
  expect(html("<javascript:alert(1)>")).not.toContain("href");
  const outward = '<a href="https://example.org/a.png" target="_blank" rel="noopener noreferrer">a</a>';
  expect(html("![a](https://example.org/a.png)")).toBe(`<p>${outward}</p>`);
});

test("a table has its columns", () => {
  const table = html("| a | b |\n| --- | --: |\n| 1 | **2** |");
  expect(table).toContain('<td>1</td><td style="text-align:right"><strong>2</strong></td>');
});

test("comma-separated values keep what stands in quotes", () => {
  expect(csvTable('a,b\r\n1,"x, ""y""\nz"\r\n2,\n')).toEqual({
    columns: ["a", "b"],
    rows: [
      ["1", 'x, "y"\nz'],
      ["2", ""],
    ],
  });
});

test("objects are rows, their names columns; anything else is no table", () => {
  expect(tableOf([{ a: 1 }, { b: 2 }])).toEqual({
    columns: ["a", "b"],
    rows: [
      [1, undefined],
      [undefined, 2],
    ],
  });
  expect(tableOf([1, 2])).toBeUndefined();
  expect(tableOf([])).toBeUndefined();
});
