/**
 * Ways around guards that a kept `%2F` opens. `/admin%2Fx` is one segment, so a guarded `/admin/*` does not take it, while
 * a wider route such as `/*` does; and many servers read `%2F` as `/` (CVE-2019-9901 and its kin), so that the endpoint
 * answers for `/admin/x` all the same.
 *
 * @module
 */

import type { Exchange } from "../core/exchange.ts";
import { type AnalysedRoute, analysedRoutes } from "../routing/analysed_route.ts";
import type { Constraint } from "../routing/constraint.ts";
import { Prover } from "../routing/prover.ts";
import { METHODS, Router } from "../routing/router.ts";
import { formatWitness, valuesFor, type Witness } from "../routing/witness.ts";
import type { UpstreamPlan } from "../upstreams/upstream_plan.ts";
import type { RoutePlan } from "./plan.ts";
import { routeEntry } from "./route_entries.ts";
import { guardsOf } from "./route_traits.ts";
import { targetUpstreams } from "./target_upstreams.ts";
import { upstreamPath } from "./upstream_path.ts";

/** A route that lets requests past the guards of others. */
export interface Bypass {
  readonly route: { readonly source: string };
  readonly message: string;
  readonly remedy: string;
}

/** Requests that are tried, well under a microsecond each; then no more ways are looked for. */
const BUDGET = 200_000;
/** So many segments a final wildcard is tried with, one of them joined to what stands before. */
const DEEPEST = 3;
/** What a route takes that names no methods. */
const KNOWN_BEST_FIRST: readonly string[] = [...new Set(["GET", ...METHODS])];
/** Guarded routes that one message names. */
const MAX_NAMED = 5;

/** A route with upstreams. */
interface Forwarding {
  readonly plan: RoutePlan;
  readonly analysed: AnalysedRoute;
  /** Kinds of its own policies that may refuse; the global ones are everyone's. */
  readonly guards: readonly string[];
  readonly endpoints: readonly string[];
  forward(exchange: Pick<Exchange, "path" | "captures">): string;
}

/**
 * Routes that take a request which their endpoint, decoding `%2F`, reads as one for the path of a route with more guards
 * and an endpoint in common. Each comes with such a request, tried on a router. For a config that keeps `%2F`.
 */
export function bypasses(routes: readonly RoutePlan[], upstreams: readonly UpstreamPlan[]): Bypass[] {
  if (!routes.some((route) => targetUpstreams(route.target).length > 0 && guardsOf(route).length > 0)) return [];
  const analysed = analysedRoutes(routes.map((route) => routeEntry(route, route)));
  const forwarding = routes.flatMap((plan, i) => forwardingOf(plan, analysed[i], upstreams));
  const search = new Search(analysed, forwarding), found = new Map<Forwarding, Way[]>();
  for (const guarded of forwarding) {
    for (const way of search.around(guarded)) found.set(way.taker, [...found.get(way.taker) ?? [], way]);
  }
  return [...found].map(([{ plan }, ways]) => ({ route: { source: plan.source }, ...inWords(plan, ways) }));
}

/** How one guarded route is walked around. */
interface Way {
  readonly guarded: Forwarding;
  readonly taker: Forwarding;
  readonly witness: Witness;
  /** The same request with plain slashes. */
  readonly meant: string;
}

class Search {
  readonly #forwarding: readonly Forwarding[];
  readonly #byRoute: ReadonlyMap<AnalysedRoute, Forwarding>;
  readonly #router: Router<AnalysedRoute, Witness>;
  readonly #prover: Prover;
  readonly #budget = { left: BUDGET };

  constructor(routes: readonly AnalysedRoute[], forwarding: readonly Forwarding[]) {
    this.#forwarding = forwarding;
    this.#byRoute = new Map(forwarding.map((route) => [route.analysed, route]));
    this.#router = new Router(routes.map((route) => ({ ...route, pattern: route.pattern.text, value: route })));
    this.#prover = new Prover(routes, { left: 0 });
  }

  /** One way through each route that takes what this one should. */
  around(guarded: Forwarding): readonly Way[] {
    const takers = this.#forwarding.filter((other) => couldTake(other, guarded)), ways = new Map<Forwarding, Way>();
    for (const plain of takers.length === 0 ? [] : this.#requests(guarded, takers)) {
      if (this.#budget.left < 0 || ways.size === takers.length) break;
      const meant = this.#forwarded(plain);
      if (meant?.by !== guarded) continue;
      for (const path of joined(plain.path)) {
        const witness = { ...plain, path }, sent = this.#forwarded(witness);
        if (sent === null || !takers.includes(sent.by) || sent.path !== meant.path || ways.has(sent.by)) continue;
        ways.set(sent.by, { guarded, taker: sent.by, witness, meant: plain.path });
      }
    }
    return [...ways.values()];
  }

  /** Requests that the guarded route takes, with what the conditions of the others ask for. */
  *#requests({ analysed }: Forwarding, takers: readonly Forwarding[]): Generator<Witness> {
    const { pattern, constraints } = analysed, isDeep = pattern.segments.at(-1)?.kind === "rest";
    const hosts = new Set([...analysed.hosts, ...takers.flatMap((taker) => taker.analysed.hosts)]);
    const conditions = distinct([[], ...takers.map((taker) => taker.analysed.constraints)]);
    for (const host of hosts) {
      for (const method of analysed.methods.length === 0 ? KNOWN_BEST_FIRST : analysed.methods) {
        const claim = { routes: [analysed], host, method, cell: new Map(), winner: () => true };
        const base = this.#prover.prove(claim);
        if (base === null) continue;
        for (const asked of conditions) {
          const values = valuesFor(new Map(), [...constraints, ...asked]);
          if (values === null) continue;
          const last = base.path.slice(base.path.lastIndexOf("/"));
          for (let depth = 0; depth < (isDeep ? DEEPEST : 1); depth++) {
            yield { ...base, ...values, path: base.path + last.repeat(depth) };
          }
        }
      }
    }
  }

  /** Where a request goes, and the path that a decoding endpoint sees; `null` where it goes to no upstream. */
  #forwarded(witness: Witness): { readonly by: Forwarding; readonly path: string } | null {
    this.#budget.left--;
    const captures: string[] = [], route = this.#router.find(witness, captures);
    const by = route === null ? undefined : this.#byRoute.get(route);
    return by === undefined ? null : { by, path: by.forward({ path: witness.path, captures }).replaceAll("%2F", "/") };
  }
}

function forwardingOf(plan: RoutePlan, analysed: AnalysedRoute, upstreams: readonly UpstreamPlan[]): Forwarding[] {
  const { target } = plan, names = targetUpstreams(target);
  if (target.kind !== "upstream" && target.kind !== "split") return [];
  const endpoints = upstreams.filter(({ name }) => names.includes(name)).flatMap(endpointsOf);
  return [{ plan, analysed, guards: guardsOf(plan), endpoints, forward: upstreamPath(target.path, analysed.pattern) }];
}

/** Whatever DNS finds for a name counts as one endpoint. */
function endpointsOf({ dns, endpoints }: UpstreamPlan): string[] {
  return dns === null ? endpoints.map(({ url }) => url) : [`${dns.scheme}://${dns.hostname}:${dns.port}`];
}

/** Whether the route has less of a guard, an endpoint in common, and a segment that `%2F` fits in. */
function couldTake(route: Forwarding, guarded: Forwarding): boolean {
  return missingGuards(route, guarded).length > 0 &&
    route.endpoints.some((url) => guarded.endpoints.includes(url)) &&
    route.analysed.pattern.segments.some((segment) => segment.kind !== "literal" || segment.text.includes("%2F"));
}

function missingGuards(route: Forwarding, guarded: Forwarding): string[] {
  return guarded.guards.filter((kind) => !route.guards.includes(kind));
}

/** The path with each run of neighbouring segments made one: `/a/b/c` is `/a%2Fb/c`, `/a%2Fb%2Fc` and `/a/b%2Fc`. */
function joined(path: string): string[] {
  const segments = path.slice(1).split("/"), paths: string[] = [];
  for (let from = 0; from < segments.length - 1; from++) {
    for (let to = from + 2; to <= segments.length; to++) {
      const one = segments.slice(from, to).join("%2F");
      paths.push("/" + [...segments.slice(0, from), one, ...segments.slice(to)].join("/"));
    }
  }
  return paths;
}

function distinct(lists: readonly (readonly Constraint[])[]): (readonly Constraint[])[] {
  return [...new Map(lists.map((list) => [JSON.stringify(list), list])).values()];
}

function inWords(taker: RoutePlan, ways: readonly Way[]): Pick<Bypass, "message" | "remedy"> {
  const [{ witness, meant }] = ways, kinds = [...new Set(ways.flatMap((way) => missingGuards(way.taker, way.guarded)))];
  const named = ways.slice(0, MAX_NAMED).map(({ guarded: { plan } }) => `"${plan.id}" (${plan.source})`);
  if (ways.length > MAX_NAMED) named.push(`${ways.length - MAX_NAMED} more`);
  const guards = kinds.join(", ");
  return {
    message: `"${taker.id}" takes ${formatWitness(witness)}, and an endpoint that decodes %2F reads ${meant}: ` +
      `that goes around ${guards} of ${named.join(", ")}`,
    remedy: `paths: { encodedSlash: "reject" } in the config itself, or ${guards} on this route too`,
  };
}
