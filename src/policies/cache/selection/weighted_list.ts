/** Lists whose members have weights: `Accept-Encoding`, `Accept-Language` (RFC 9110 §12.4.2). @module */

import { isToken } from "../../../http/token.ts";
import { withoutBlanks } from "../../../http/without_blanks.ts";
import { listMembers } from "./list_members.ts";

/** `q=0.8`; three digits at most. */
const WEIGHT = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

/**
 * Weights by name in lower case.
 *
 * @returns `null` where the list breaks the grammar, or gives a name two weights: then nobody can tell what the upstream makes of it
 */
export function weightedList(value: string): Map<string, number> | null {
  const weights = new Map<string, number>();
  for (const member of listMembers(value)) {
    const semicolon = member.indexOf(";"), end = semicolon < 0 ? member.length : semicolon;
    const name = withoutBlanks(member, 0, end).toLowerCase();
    if (name === "" && semicolon < 0) continue;
    const weight = semicolon < 0 ? 1 : weightOf(withoutBlanks(member, semicolon + 1));
    if (weight === null || !isToken(name) || (weights.get(name) ?? weight) !== weight) return null;
    weights.set(name, weight);
  }
  return weights;
}

/** The list in one order and one spelling: what remains of it when neither order nor case says anything. */
export function weightedText(weights: ReadonlyMap<string, number>): string {
  const members: string[] = [];
  for (const [name, weight] of weights) members.push(weight === 1 ? name : `${name};q=${weight}`);
  return members.sort().join(",");
}

function weightOf(parameter: string): number | null {
  const match = WEIGHT.exec(parameter);
  return match === null ? null : Number(match[1]);
}
