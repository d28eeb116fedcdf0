/** How the verdicts of three servers fall out. @module */

import { escaped } from "../escaped.ts";
import { dispute, excuse, type Verdicts } from "./relation.ts";
import { isReading, type Verdict } from "./verdict.ts";

/** Verdicts of one kind, and the shortest input that got them. */
interface Group {
  count: number;
  example: string;
}

/** Rows of the lists of what differs. */
const MOST_ROWS = 25;

/** Counts what each server accepted, and keeps an example of each way in which they differ. */
export class Census {
  readonly #together = new Map<string, Group>();
  readonly #stricter = new Map<string, Group>();
  readonly #disputed = new Map<string, Group>();
  readonly #excused = new Map<string, Group>();

  /** Counts one input. */
  add(text: string, verdicts: Verdicts): void {
    const { gateway, node, nginx } = verdicts;
    const word = (verdict: Verdict) => accepts(verdict) ? "accepts" : "refuses";
    note(this.#together, [gateway, node, nginx].map(word).join("\t"), text);
    if (accepts(node) && accepts(nginx) && !accepts(gateway)) note(this.#stricter, reason(gateway), text);
    const disputed = dispute(verdicts);
    if (disputed !== null) note(this.#disputed, disputed, text);
    const excused = excuse(verdicts);
    if (excused !== null) note(this.#excused, excused, text);
  }

  /** The table of verdicts, then what the gateway alone refuses, and what it accepts unlike one of them or both. */
  render(): string {
    const rows = [...this.#together].sort(byCount).map(([key, { count }]) => `${key}\t${count}`);
    return [
      table(["gateway\tnode\tnginx\tinputs", ...rows]),
      `\nRefused by the gateway alone:`,
      ...list(this.#stricter),
      `\nAccepted by the gateway, while one of the others differs:`,
      ...list(this.#disputed),
      `\nAccepted by the gateway while both differ, for reasons that are known:`,
      ...list(this.#excused),
    ].join("\n");
  }
}

/** Whether the first request went through. */
function accepts({ results: [first] }: Verdict): boolean {
  return isReading(first);
}

/** What became of the first request, which was not accepted. */
function reason({ results: [first], end }: Verdict): string {
  return first === undefined || isReading(first) ? end : `${first.status} ${first.code}`;
}

function note(groups: Map<string, Group>, key: string, text: string): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, { count: 1, example: text });
  else {
    group.count++;
    if (text.length < group.example.length) group.example = text;
  }
}

function byCount([, a]: [string, Group], [, b]: [string, Group]): number {
  return b.count - a.count;
}

function list(groups: ReadonlyMap<string, Group>): string[] {
  const rows = [...groups].sort(byCount).slice(0, MOST_ROWS);
  return rows.map(([key, { count, example }]) => `${count}\t${key}\n    ${escaped(example)}`);
}

function table(rows: readonly string[]): string {
  return rows.map((row) => row.split("\t").map((cell) => cell.padEnd(10)).join("").trimEnd()).join("\n");
}
