/** A trace as text, for people. @module */

/** A span, as far as the text tells of it. */
export interface TreeSpan {
  readonly name: string;
  readonly spanId: string;
  /** `""`: it is the first. */
  readonly parentId: string;
  /** Milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  /** `""`: none. */
  readonly error: string;
}

/** What the text has of a span's attributes, in this order, and the words before them. */
const TOLD: readonly (readonly [key: string, before: string])[] = [
  ["http.response.status_code", ""],
  ["gatewright.policy.outcome", ""],
  ["gatewright.cache.outcome", ""],
  ["gatewright.attempt", "attempt "],
  ["gatewright.endpoint", "at "],
];

/** Longest value that is told of an event, in characters. */
const MOST_TOLD = 120;
/** Whoever prints traces has a log beside them. */
const UNTOLD = "exception.stacktrace";

/** How a trace is written. */
export interface TreeOptions {
  /** How long each span took, or `""`. @default in milliseconds */
  readonly duration?: (ms: number) => string;
  /** Changes lines. @default nothing is changed */
  readonly line?: (line: string) => string;
}

/** A line for each span, under the one that it is part of, in the order in which they began; and one for each event. */
export function traceTree(spans: readonly TreeSpan[], options: TreeOptions = {}): string {
  const { duration = inMilliseconds, line = (text) => text } = options;
  const ids = new Set(spans.map(({ spanId }) => spanId)), lines: string[] = [];
  const print = (span: TreeSpan, first: string, rest: string) => {
    const under = inOrder(spans.filter(({ parentId }) => parentId === span.spanId));
    lines.push(first + spanText(span, duration));
    const rail = under.length > 0 ? "│ " : "  ";
    for (const { name, attributes } of span.events) {
      lines.push(
        `${rest}${rail}• ${
          [
            name,
            ...Object.entries(attributes).filter(([key]) => key !== UNTOLD).map(shortly),
          ].join(" ")
        }`,
      );
    }
    under.forEach((child, i) => {
      const last = i === under.length - 1;
      print(child, `${rest}${last ? "└─ " : "├─ "}`, `${rest}${last ? "   " : "│  "}`);
    });
  };
  for (const span of inOrder(spans)) if (!ids.has(span.parentId)) print(span, "", "");
  return lines.map(line).join("\n");
}

/** `delay=25`: the last part of its name tells enough, and the first line of its value. */
function shortly([key, value]: [string, unknown]): string {
  const [line] = String(value).split("\n", 1);
  return `${key.slice(key.lastIndexOf(".") + 1)}=${line.length > MOST_TOLD ? `${line.slice(0, MOST_TOLD)}…` : line}`;
}

function inOrder(spans: readonly TreeSpan[]): TreeSpan[] {
  return spans.toSorted((a, b) => a.startedAt - b.startedAt);
}

function spanText({ name, attributes, error, startedAt, endedAt }: TreeSpan, duration: (ms: number) => string): string {
  const said = TOLD.flatMap(([key, before]) => attributes[key] === undefined ? [] : [`${before}${attributes[key]}`]);
  const took = endedAt === null ? "" : duration(endedAt - startedAt);
  return [name, said.join(", "), took, error === "" ? "" : `!${error}`].filter((part) => part !== "").join("  ");
}

function inMilliseconds(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;
}
