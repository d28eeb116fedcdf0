/** Whether what one client was answered can reach another who may not have it. @module */

import { definitionOf, traitsOf } from "../../core/policy.ts";
import type { Draft } from "../draft.ts";
import type { DraftPolicy } from "../draft_chain.ts";
import { type Finding, pathText } from "../finding.ts";

/** Policies in the order in which a request meets them. */
type Way = readonly DraftPolicy[];

/**
 * Caches before policies that every request must come by, caches behind identity policies of which the config does not say
 * whose answers they keep, and those that a request would meet twice.
 */
export function checkReusedAnswers({ policies, consumers, routes }: Draft): Finding[] {
  const global = policies.policies;
  const ways: Way[] = routes.length === 0
    ? [global]
    : routes.map(({ chain }) => chain.policies.length === 0 ? global : [...global, ...chain.policies]);
  const own = consumers.map(({ chain }) => chain.policies).filter((chain) => chain.some(reusesAnswers));
  return once([
    ...ways.flatMap(alongWay),
    ...own.flatMap((chain) => ways.flatMap((way) => alongWay(withOwn(way, chain)))),
  ]);
}

function reusesAnswers({ policy }: DraftPolicy): boolean {
  return traitsOf(policy).reuses !== undefined;
}

/** A finding, and by what another one says the same. */
interface Found {
  readonly same: string;
  readonly finding: Finding;
}

function alongWay(way: Way): Found[] {
  const findings: Found[] = [], met = new Map<string, DraftPolicy>();
  let identity: DraftPolicy | undefined, cache: DraftPolicy | undefined;
  for (const one of way) {
    const { identity: asks, everyRequest, reuses } = traitsOf(one.policy);
    if (cache !== undefined && (asks !== undefined || everyRequest === true)) findings.push(before(cache, one, asks));
    if (reuses === "unsaid" && identity !== undefined) findings.push(unsaid(one, identity));
    if (asks !== undefined) identity ??= one;
    if (reuses === undefined) continue;
    cache ??= one;
    const id = definitionOf(one.policy)?.id?.(one.policy.options), earlier = id === undefined ? undefined : met.get(id);
    if (earlier !== undefined) findings.push(twice(one, id!, earlier));
    else if (id !== undefined) met.set(id, one);
  }
  return findings;
}

/** A way as it is for one consumer, whose policies run behind the one that finds out who is asking. */
function withOwn(way: Way, chain: Way): Way {
  const at = way.findIndex(({ policy }) => traitsOf(policy).identity !== undefined);
  return at < 0 ? way : [...way.slice(0, at + 1), ...chain, ...way.slice(at + 1)];
}

function before(cache: DraftPolicy, { at, policy }: DraftPolicy, asks: string | undefined): Found {
  const { kind } = cache.policy, guard = policy.kind;
  const past = asks === undefined ? `gets past ${guard}` : "is served to everybody, whoever it was for";
  return {
    same: JSON.stringify([cache.at, guard]),
    finding: {
      at: cache.at,
      message: `${kind} stands before ${guard} (${pathText(at)}), so that what it has kept ${past}`,
      remedy: `${guard} before ${kind}`,
    },
  };
}

function unsaid({ at, policy: { kind } }: DraftPolicy, { policy: { kind: guard } }: DraftPolicy): Found {
  return {
    same: JSON.stringify([at]),
    finding: {
      at,
      message: `${kind} stands behind ${guard}, and does not say whether the answer is the same for everybody`,
      remedy: 'vary: "identity" for answers of everybody\'s own, or shared: true for the same ones for all',
    },
  };
}

function twice({ at, policy: { kind } }: DraftPolicy, id: string, earlier: DraftPolicy): Found {
  return {
    same: JSON.stringify([at, id]),
    finding: {
      at,
      message: `a request comes by ${kind} "${id}" twice, as ${
        pathText(earlier.at)
      } is it too, and would wait for itself`,
      remedy: "another id, or one of the two",
    },
  };
}

/** Each thing to mend once, on however many ways it was found. */
function once(all: readonly Found[]): Finding[] {
  const known = new Set<string>();
  return all.flatMap(({ same, finding }) => {
    if (known.has(same)) return [];
    known.add(same);
    return [finding];
  });
}
