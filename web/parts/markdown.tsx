/** Markdown as elements. HTML in it is text, and a picture is a link: nothing is loaded from elsewhere. */
import { compiler, type MarkdownToJSX } from "markdown-to-jsx/react";
import type { ReactNode } from "react";

export const Markdown = ({ text }: { text: string }): ReactNode => compiler(text, options);

/** Headings of the page itself come first. */
const headings = Object.fromEntries(
  [1, 2, 3, 4, 5, 6].map((level) => {
    const Level = `h${Math.min(6, level + 2)}` as "h3";
    return [`h${level}`, ({ children }: Inner) => <Level>{children}</Level>];
  }),
) as MarkdownToJSX.Overrides;

const options: MarkdownToJSX.Options = {
  disableParsingRawHTML: true,
  forceBlock: true,
  wrapper: ({ children }) => <div className="markdown">{children}</div>,
  forceWrapper: true,
  overrides: {
    ...headings,
    a: ({ href, children }) => <Outward to={href}>{children}</Outward>,
    img: ({ src, alt }) => <Outward to={src}>{alt || src}</Outward>,
    pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
    table: ({ children }) => (
      <div className="data" tabIndex={0}>
        <table aria-label="A table of the text">{children}</table>
      </div>
    ),
  },
};

type Inner = { children: ReactNode };

/** Only to the web: an address may be a script. */
const Outward = ({ to, children }: Inner & { to?: string }) =>
  to !== undefined && /^https?:\/\//i.test(to) ? (
    <a href={to} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  ) : (
    <span>{children}</span>
  );
