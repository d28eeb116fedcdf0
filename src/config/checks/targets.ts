/** Whether every route has one target, and settings that go with it. @module */

import { chainsOf, type Draft, type DraftRoute } from "../draft.ts";
import type { DraftChain } from "../draft_chain.ts";
import type { Finding, Path } from "../finding.ts";
import { upstreamOf } from "../named_fact.ts";
import { routeUpstreams, upstreamName, type UpstreamReference } from "../route_upstreams.ts";
import type { Origin } from "../schema/origin.ts";
import { nearest } from "../../settings/nearest.ts";
import { seenText } from "../seen.ts";

const TARGETS = ["upstream", "split", "redirect", "respond", "handler"] as const;
/** Targets that the settings of the upstream hop go with. */
const FORWARDING: readonly string[] = ["upstream", "split"];
const HOP_SETTINGS: readonly string[] = [
  ...["stripPrefix", "rewrite", "timeouts", "onClientAbort", "retry", "hedge", "mirror", "fallback"],
];

/** Routes without a target or with several, settings of the upstream hop without one, unknown and unused upstreams. */
export function checkTargets(draft: Draft): Finding[] {
  const used = new Set<string>(), names = draft.upstreams.map(({ name }) => name);
  const targets = draft.routes.flatMap(targetOf);
  const references = draft.routes.flatMap((route) => upstreamsOf(route, names, used));
  for (const fact of chainsOf(draft).flatMap(needsOf)) markUsed(upstreamOf(fact), names, used);
  return [...targets, ...references, ...unused(draft, used)];
}

function needsOf({ policies, refused }: DraftChain): readonly string[] {
  return [...policies, ...refused].flatMap(({ facts }) => facts.needs ?? []);
}

function targetOf({ at, written }: DraftRoute): Finding[] {
  const targets = Object.keys(written).filter((key) =>
    TARGETS.some((target) => target === key) && written[key] !== undefined
  );
  if (targets.length === 0 && Object.keys(written).length > 0) {
    return [{ at, message: "this route has no target", remedy: `one of ${TARGETS.join(", ")}` }];
  }
  const [first, ...others] = targets;
  const hop = HOP_SETTINGS.filter((key) => written[key] !== undefined);
  return [
    ...others.map((key): Finding => ({
      at: [...at, key],
      on: "key",
      message: `a route has one target; this one has ${first} too`,
      remedy: `${first} or ${key}`,
    })),
    ...(targets.length === 0 || targets.some((target) => FORWARDING.includes(target)) ? [] : hop).map((
      key,
    ): Finding => ({
      at: [...at, key],
      on: "key",
      message: `${key} is for routes with an upstream; this one has ${first}`,
      remedy: `no ${key}`,
    })),
  ];
}

function upstreamsOf(route: DraftRoute, names: readonly string[], used: Set<string>): Finding[] {
  const found = routeUpstreams(route.written);
  const own = onlyUpstream(found);
  return found.flatMap(({ at, upstream }): Finding[] => {
    const place = [...route.at, ...at];
    if (upstreamName(upstream) === own) {
      const message = "the fallback is the upstream that it stands in for", seen = shown(upstream);
      if (at[0] === "fallback") return [{ at: place, message, seen, remedy: "another upstream, or respond" }];
      if (at[0] === "mirror") return [copiedTwice(place, seen), ...nameOf(upstream, place, names, used)];
    }
    return nameOf(upstream, place, names, used);
  });
}

/** The upstream that all of a route's requests go to; `undefined` where there are several. */
function onlyUpstream(found: readonly UpstreamReference[]): string | undefined {
  const targets = found.filter(({ at: [target] }) => target === "upstream" || target === "split");
  const names = new Set(targets.map(({ upstream }) => upstreamName(upstream)));
  return names.size === 1 ? [...names][0] : undefined;
}

function copiedTwice(at: Path, seen: string): Finding {
  const message = "this is the route's own upstream, which every copied request reaches twice";
  return { at, severity: "warning", message, seen, remedy: "another upstream" };
}

function nameOf(upstream: string | Origin, at: Path, names: readonly string[], used: Set<string>): Finding[] {
  return typeof upstream === "object" ? [] : unknownName(upstream, at, names, used);
}

function shown(upstream: string | Origin): string {
  return JSON.stringify(upstreamName(upstream));
}

/** A name that was probably meant counts as used, else one slip of the pen would make two messages. */
function markUsed(upstream: string | undefined, names: readonly string[], used: Set<string>): string | undefined {
  if (upstream === undefined) return undefined;
  const meant = names.includes(upstream) ? upstream : nearest(upstream, names);
  if (meant !== undefined) used.add(meant);
  return meant;
}

function unknownName(upstream: string, at: Path, names: readonly string[], used: Set<string>): Finding[] {
  const meant = markUsed(upstream, names, used);
  if (meant === upstream) return [];
  const place = { at, seen: seenText(upstream) }, message = "there is no upstream of this name";
  if (meant !== undefined) return [{ ...place, message: `${message}, did you mean "${meant}"?`, remedy: `"${meant}"` }];
  const known = names.map((name) => JSON.stringify(name)).join(", ");
  return [{
    ...place,
    message,
    remedy: names.length === 0 ? "a URL, or an entry of this name under upstreams" : `one of ${known}`,
  }];
}

/** Silent while there are routes or policies of which it is not known what they use. */
function unused(draft: Draft, used: ReadonlySet<string>): Finding[] {
  const { upstreams, routes, complete } = draft;
  if (!complete || chainsOf(draft).some((chain) => !chain.complete)) return [];
  if (routes.length === 0 || routes.some(({ parsed }) => parsed === undefined)) return [];
  return upstreams.filter(({ name, parsed }) => parsed !== undefined && !used.has(name)).map(({ at }) => ({
    at,
    severity: "warning",
    on: "key",
    message: "nothing uses this upstream",
    remedy: "a route or a policy with it, or nothing in its place",
  }));
}
