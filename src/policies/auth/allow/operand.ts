/** What an expression compares. @module */

import type { Exchange } from "../../../core/exchange.ts";
import { isFact, isInBody, parseKey } from "../../../core/key.ts";
import { claimReader, outermostClaim } from "./claim.ts";

/** A value of a request, or one that stands in the expression. */
export interface Operand {
  /** As written, for messages. */
  readonly text: string;
  /** What it can be: a claim is known only when it is there. */
  readonly shape: "text" | "number" | "flag" | "list" | "claim";
  /** Whether it stands in the expression. */
  readonly fixed: boolean;
  /** What something before must provide. */
  readonly fact?: string;
  read(exchange: Exchange): unknown;
}

/** What a word stands for: a name, a claim or a key; `undefined` for none of these. */
export function operandOf(word: string): Operand | undefined {
  if (Object.hasOwn(NAMES, word)) return { text: word, fixed: false, fact: "identity", ...NAMES[word] };
  if (word.startsWith("jwt:") && word.length > 4) {
    const name = word.slice(4), read = claimReader(name);
    const fact = `jwt:${outermostClaim(name)}`;
    return { text: word, shape: "claim", fixed: false, fact, read: ({ identity }) => read(identity?.claims) };
  }
  const read = isInBody(word) ? undefined : parseKey(word);
  if (read === undefined) return undefined;
  return { text: word, shape: "text", fixed: false, ...(isFact(word) ? { fact: word } : {}), read };
}

/** A value that stands in the expression. */
export function fixedOperand(text: string, value: string | number | boolean | readonly unknown[]): Operand {
  const shape = typeof value === "string"
    ? "text"
    : typeof value === "number"
    ? "number"
    : typeof value === "boolean"
    ? "flag"
    : "list";
  return { text, shape, fixed: true, read: () => value };
}

/** What an identity has beside its claims and what keys name. */
export const NAMES: Readonly<Record<string, Pick<Operand, "shape" | "read">>> = {
  groups: { shape: "list", read: ({ identity }) => identity?.groups },
  scopes: { shape: "list", read: ({ identity }) => identity?.scopes },
  subject: { shape: "text", read: ({ identity }) => identity?.subject },
  method: { shape: "text", read: ({ identity }) => identity?.method },
};
