/** Comparisons in expressions. @module */

import type { Exchange } from "../../../core/exchange.ts";
import type { Operand } from "./operand.ts";
import type { ExpressionError } from "./tokens.ts";

/** Whether something holds of a request. */
export type Condition = (exchange: Exchange) => boolean;

/** The signs that compare; `null` where an operand stands alone. */
export type Operator = "==" | "!=" | "in" | "not in" | null;

type Complaint = Pick<ExpressionError, "error" | "remedy">;

/**
 * The condition, or why it cannot be one. Texts, numbers and flags are equal only to their like, and nothing is equal to
 * what is not there, so that `!=` holds of it. `in` holds where both sides have a value in common; one that is no list
 * counts as a list of one. Alone stands what is there and is not `false`.
 */
export function compared(left: Operand, operator: Operator, right: Operand | null): Condition | Complaint {
  if (right === null || operator === null) return alone(left);
  const wrong = operator === "==" || operator === "!=" ? unequable(left, right) : unlisted(left, right);
  if (wrong !== null) return wrong;
  const [a, b] = [left.read, right.read];
  switch (operator) {
    case "==":
      return (exchange) => equal(a(exchange), b(exchange));
    case "!=":
      return (exchange) => !equal(a(exchange), b(exchange));
    case "in":
      return (exchange) => haveCommon(a(exchange), b(exchange));
    case "not in":
      return (exchange) => !haveCommon(a(exchange), b(exchange));
  }
}

/** Whether two values are one text, number or flag. */
export function equal(a: unknown, b: unknown): boolean {
  return a === b && (typeof a === "string" || typeof a === "number" || typeof a === "boolean");
}

/** Whether there is a value that both have, or are. */
export function haveCommon(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a)) return Array.isArray(b) ? b.some((one) => equal(a, one)) : equal(a, b);
  return a.some((one) => haveCommon(Array.isArray(one) ? undefined : one, b));
}

function alone(operand: Operand): Condition | Complaint {
  const { text, fixed, read } = operand;
  if (fixed) return { error: `${text} alone does not ask for anything`, remedy: `what it is compared with` };
  return (exchange) => {
    const value = read(exchange);
    return value !== undefined && value !== null && value !== false;
  };
}

/** Why two operands can never be equal. */
function unequable(left: Operand, right: Operand): Complaint | null {
  if (left.fixed && right.fixed) return constant();
  for (const [one, other] of [[left, right], [right, left]]) {
    if (one.shape === "list") {
      return { error: `${one.text} has several values`, remedy: `${other.text} in ${one.text}` };
    }
  }
  const [key, value] = left.fixed ? [right, left] : [left, right];
  if (!value.fixed || key.shape !== "text" || value.shape === "text") return null;
  return { error: `${key.text} is a text`, remedy: `'${value.text}'` };
}

function unlisted(left: Operand, right: Operand): Complaint | null {
  if (left.fixed && right.fixed) return constant();
  if (left.fixed && left.shape === "list") return { error: "a list stands after in", remedy: `${right.text} in […]` };
  if (right.shape === "list" || right.shape === "claim") return null;
  return { error: `${right.text} is no list`, remedy: `${left.text} == ${right.text}` };
}

function constant(): Complaint {
  return { error: "nothing of the request is in this comparison", remedy: "a key such as jwt:tier, or groups" };
}
