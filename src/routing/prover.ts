/** Makes witnesses and tries them on real routers before anybody sees them. @module */

import type { AnalysedRoute } from "./analysed_route.ts";
import type { Budget, Cell } from "./gaps.ts";
import type { Pattern } from "./pattern.ts";
import { METHODS, Router } from "./router.ts";
import { valuesFor, type Witness } from "./witness.ts";

/** Steps of the budget that it costs to try one request. */
const TRY_COST = 1000;

/** What a witness must show: that these routes match it, and that `winner` may take it. */
export interface Claim {
  /** Each of them matches the witness when it stands alone. */
  readonly routes: readonly AnalysedRoute[];
  readonly host: string;
  /** `""`: one that none of the routes at this path names. */
  readonly method: string;
  /** Values that matter, beside those that the routes' own constraints ask for. */
  readonly cell: Cell;
  /** Judges the route that the router of all routes gives. */
  winner(route: AnalysedRoute): boolean;
}

/** Finds witnesses among all routes of a gateway. */
export class Prover {
  readonly #routes: readonly AnalysedRoute[];
  readonly #budget: Budget;
  #router: Router<AnalysedRoute, Witness> | null = null;
  /** Routers of one route each. */
  readonly #single = new Map<AnalysedRoute, Router<AnalysedRoute, Witness>>();
  readonly #literals = new Set<string>();
  readonly #hosts = new Set<string>();
  #depth = 0;

  /** @param budget is charged for every request that is made up and tried */
  constructor(routes: readonly AnalysedRoute[], budget: Budget) {
    this.#routes = routes;
    this.#budget = budget;
  }

  /** A request for which the claim was seen to hold, or `null`. */
  prove(claim: Claim): Witness | null {
    const values = valuesFor(claim.cell, claim.routes.flatMap((route) => route.constraints));
    if (values === null) return null;
    this.#budget.left -= TRY_COST;
    const router = this.#prepared(), alone = claim.routes.map((route) => this.#alone(route));
    const host = this.#hostFor(claim.host), captures: string[] = [];
    // The first method is the one that people know best.
    const methods = claim.method === "" ? ["GET", ...METHODS, "PURGE"] : [claim.method];
    for (const method of methods) {
      for (const path of this.#pathsFor(claim.routes[0].pattern)) {
        const witness: Witness = { method, host, path, ...values };
        const winner = router.find(witness, captures);
        if (winner === null || !claim.winner(winner)) continue;
        if (alone.every((one) => one.find(witness, captures) !== null)) return witness;
      }
    }
    return null;
  }

  #alone(route: AnalysedRoute): Router<AnalysedRoute, Witness> {
    let router = this.#single.get(route);
    if (router === undefined) this.#single.set(route, router = routerOf([route]));
    return router;
  }

  #prepared(): Router<AnalysedRoute, Witness> {
    if (this.#router !== null) return this.#router;
    for (const { pattern, hosts } of this.#routes) {
      for (const segment of pattern.segments) if (segment.kind === "literal") this.#literals.add(segment.text);
      for (const host of hosts) this.#hosts.add(host);
      this.#depth = Math.max(this.#depth, pattern.segments.length);
    }
    return this.#router = routerOf(this.#routes);
  }

  /** A host that this pattern takes and no more specific one does. */
  #hostFor(pattern: string): string {
    if (pattern !== "" && pattern[0] !== "*") return pattern;
    const base = pattern.slice(1);
    let name = pattern === "" ? "localhost" : `www${base}`;
    for (let n = 1; this.#hosts.has(name); n++) name = `host${n}${base}`;
    return name;
  }

  /** Paths that a pattern matches; parameters differ from every literal. Wildcards are tried from short to deep. */
  #pathsFor(pattern: Pattern): string[] {
    let n = 1;
    while (this.#literals.has(`${n}`)) n++;
    let path = "";
    for (const segment of pattern.segments) {
      if (segment.kind === "rest") {
        const deep = Array.from({ length: this.#depth + 1 }, (_, i) => `${path}${`/${n}`.repeat(i + 1)}`);
        return [deep[0], path, `${path}/`, ...deep.slice(1)].filter((path) => path !== "");
      }
      path += `/${segment.kind === "literal" ? segment.text : n}`;
    }
    return [path];
  }
}

function routerOf(routes: readonly AnalysedRoute[]): Router<AnalysedRoute, Witness> {
  return new Router(routes.map((route) => ({ ...route, pattern: route.pattern.text, value: route })));
}
