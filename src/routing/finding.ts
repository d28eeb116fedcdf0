/** What the static analysis found wrong with a set of routes. @module */

import { formatWitness, type Witness } from "./witness.ts";

/** Which route, and where in the config it stands. */
export interface RouteRef {
  readonly id: string;
  readonly source: string;
}

/**
 * - `duplicate`: both routes have the same host, path shape, methods and predicates.
 * - `ambiguous`: the routes are equally specific and the witness matches both.
 * - `unreachable`: `others` together take everything that the route matches; without others, its own predicates exclude
 *   each other.
 */
export type FindingKind = "duplicate" | "ambiguous" | "unreachable";

/** One finding; message and remedy are ready to stand in a config issue at `route.source`. */
export interface Finding {
  readonly kind: FindingKind;
  readonly route: RouteRef;
  readonly others: readonly RouteRef[];
  /** A request that proves it, or `null` where none could be made up. */
  readonly witness: Witness | null;
  readonly message: string;
  readonly remedy: string;
}

/** Routes named in a message, beyond which it only says how many more there are. */
const MAX_NAMED = 5;

/** Puts a finding into words. */
export function makeFinding(
  kind: FindingKind,
  route: RouteRef,
  others: readonly RouteRef[],
  witness: Witness | null,
): Finding {
  const text = TEXTS[kind](names(others), witness === null ? null : formatWitness(witness));
  const refs = others.map(({ id, source }) => ({ id, source }));
  return { kind, route: { id: route.id, source: route.source }, others: refs, witness, ...text };
}

const TEXTS: Record<FindingKind, (others: string, request: string | null) => Pick<Finding, "message" | "remedy">> = {
  duplicate: (others, request) => ({
    message: `matches the same requests as ${others}${request === null ? "" : `: ${request}`}`,
    remedy: "one of the two, or hosts, methods, headers or query that tell them apart",
  }),
  ambiguous: (others, request) => ({
    message: `is as specific as ${others}, and both match: ${request}`,
    remedy:
      "each method in one of the two, values that exclude each other, or one more route with the predicates of both",
  }),
  unreachable: (others, request) =>
    others === ""
      ? {
        message: "no request can reach it: its predicates exclude each other",
        remedy: "predicates that can hold together",
      }
      : {
        message: `no request can reach it: everything that it matches goes to ${others}, such as ${request}`,
        remedy: "no such route, or fewer methods or narrower predicates on the more specific ones",
      },
};

function names(refs: readonly RouteRef[]): string {
  const named = refs.slice(0, MAX_NAMED).map(({ id, source }) => source === "" ? `"${id}"` : `"${id}" (${source})`);
  if (refs.length > MAX_NAMED) named.push(`${refs.length - MAX_NAMED} more`);
  const last = named.pop() ?? "";
  return named.length === 0 ? last : `${named.join(", ")} and ${last}`;
}
