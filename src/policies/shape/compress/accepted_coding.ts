/** Which coding a client wants (RFC 9110 §12.5.3). @module */

import { withoutBlanks } from "../../../http/without_blanks.ts";

/** Who decides where a client takes several. */
export type Prefer = "client" | "server";

/** Values that are remembered: browsers send a handful, and what else comes must not fill the memory. */
const REMEMBERED = 100;
/** Longer values are no client's that knows what it wants. */
const LONGEST = 256;

/** `q=0.8`; three digits at most. */
const WEIGHT = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

/**
 * Makes a function from the value of `Accept-Encoding` to the place of a coding in `ours`, or -1 for none of them.
 *
 * By `"client"` the highest weight wins, and our order where several have it; by `"server"` our order alone, among those
 * whose weight is not 0. Without the field, or where the client would rather have the answer as it is, it is none.
 *
 * @param ours in order of preference
 */
export function codingChooser(ours: readonly string[], prefer: Prefer): (accept: string | null) => number {
  const known = new Map<string, number>();
  return (accept) => {
    if (accept === null || accept.length > LONGEST) return -1;
    let chosen = known.get(accept);
    if (chosen === undefined) {
      chosen = chooseCoding(accept, ours, prefer);
      if (known.size >= REMEMBERED) known.clear();
      known.set(accept, chosen);
    }
    return chosen;
  };
}

function chooseCoding(accept: string, ours: readonly string[], prefer: Prefer): number {
  const weights = weightsOf(accept);
  const weight = (name: string) => weights.get(name) ?? weights.get("*") ?? 0;
  let best = -1, most = 0;
  for (let i = 0; i < ours.length; i++) {
    const own = weight(ours[i]);
    if (own <= most) continue;
    [best, most] = [i, own];
    if (prefer === "server") return best;
  }
  // What is not named but not excluded either comes last of all.
  return (weights.get("identity") ?? 0) > most ? -1 : best;
}

/** Weights by coding; a part that breaks the grammar counts as not there. */
function weightsOf(accept: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of accept.split(",")) {
    const semicolon = part.indexOf(";"), end = semicolon < 0 ? part.length : semicolon;
    const written = withoutBlanks(part, 0, end).toLowerCase(), name = written === "x-gzip" ? "gzip" : written;
    const weight = semicolon < 0 ? 1 : weightOf(withoutBlanks(part, semicolon + 1));
    if (name !== "" && weight !== null && !weights.has(name)) weights.set(name, weight);
  }
  return weights;
}

function weightOf(parameter: string): number | null {
  const match = WEIGHT.exec(parameter);
  return match === null ? null : Number(match[1]);
}
