/** Sources seen through the linter's parser. @module */

import type { Source } from "./architecture.ts";

/** Something with a place in a source. */
export interface Located {
  readonly range: Deno.lint.Range;
}

/** Says what is wrong with something. */
export type Report = (node: Located, message: string) => void;

/** A set of rules, made anew for each source. */
export type Rules = (path: string, report: Report) => Deno.lint.LintVisitor;

/** Parses a source once, lets each set of rules look at it, and gives what they reported, in order: `path:line: message`. */
export function visit({ path, text }: Source, ...sets: readonly Rules[]): string[] {
  const found: { at: number; message: string }[] = [];
  const report: Report = (node, message) => found.push({ at: node.range[0], message });
  const rules = Object.fromEntries(sets.map((set, index) => [`set${index}`, { create: () => set(path, report) }]));
  Deno.lint.runPlugin({ name: "gatewright", rules }, path, text);
  return found.sort((a, b) => a.at - b.at)
    .map(({ at, message }) => `${path}:${text.slice(0, at).split("\n").length}: ${message}`);
}
