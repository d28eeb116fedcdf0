/** Static analysis of routes: what a request would show only later. @module */

import { type AnalysedRoute, analysedRoutes, takenMethods } from "./analysed_route.ts";
import { Contest } from "./contest.ts";
import { satisfiable } from "./constraint.ts";
import { type Finding, makeFinding } from "./finding.ts";
import { type Budget, type Cell, searchGaps } from "./gaps.ts";
import { Prover } from "./prover.ts";
import type { RouteEntry } from "./route_entry.ts";
import type { RouteRequest } from "./route_request.ts";
import { comparePredicates } from "./specificity.ts";

/** Of routes that conflict with everything, so many partners each are reported. */
const MAX_CONFLICTS = 3;
/** Requests tried to prove one conflict. */
const MAX_TRIES = 64;
/** Steps, some 50 ns each, after which no more conflicts and covers are looked for. */
const BUDGET = 40_000_000;
/** Steps that it costs to see whether two routes can hold together. */
const PAIR_COST = 100;

/**
 * Finds duplicate, ambiguous and unreachable routes. A conflict is reported only with a request that was tried on real
 * routers; a route is reported as unreachable only when the more specific ones certainly leave nothing.
 *
 * Only routes of one host and one path shape are compared with each other. Routes of other hosts or shapes cannot make
 * a route ambiguous, because host and path decide first; and they do not make it unreachable, because no number of
 * names exhausts a wildcard host, a parameter, or all hosts. (A final wildcard could be exhausted, by `/a`, `/a//*` and
 * `/a/:x/*` for `/a/*`; that is not reported.) Several values of one query parameter are not considered: routes for
 * `v=1` and `v=2` are not called ambiguous, though `?v=1&v=2` matches both. Work is bounded: thousands of routes on one
 * path that nearly all overlap are not compared to the end.
 *
 * @throws TypeError where a pattern is none that {@link parsePattern} takes
 */
export function analyse<T, R extends RouteRequest>(entries: readonly RouteEntry<T, R>[]): Finding[] {
  const routes = analysedRoutes(entries);
  const analysis = new Analysis(routes);
  analysis.run();
  return analysis.findings.sort((a, b) => a.index - b.index).map(({ finding }) => finding);
}

class Analysis {
  readonly findings: { readonly index: number; readonly finding: Finding }[] = [];
  readonly #routes: readonly AnalysedRoute[];
  readonly #prover: Prover;
  /** Pairs that were reported, as a route can meet another under several hosts and methods. */
  readonly #pairs = new Set<string>();
  /** For routes of which something is covered: by what, and under how many hosts and methods. */
  readonly #covered = new Map<AnalysedRoute, { times: number; readonly by: Set<AnalysedRoute> }>();
  readonly #conflicts = new Map<AnalysedRoute, number>();
  readonly #budget: Budget = { left: BUDGET };

  constructor(routes: readonly AnalysedRoute[]) {
    this.#routes = routes;
    this.#prover = new Prover(routes, this.#budget);
  }

  run(): void {
    const groups = new Map<string, AnalysedRoute[]>();
    for (const route of this.#routes) {
      if (contradicts(route)) {
        this.#report(route, makeFinding("unreachable", route, [], null));
        continue;
      }
      for (const host of route.hosts) {
        const key = `${host} ${route.pattern.shape}`, group = groups.get(key);
        if (group === undefined) groups.set(key, [route]);
        else group.push(route);
      }
    }
    for (const [key, group] of groups) if (group.length > 1) this.#group(group, key.slice(0, key.indexOf(" ")));
    for (const [route, { times, by }] of this.#covered) {
      if (times === route.hosts.length * takenMethods(route).length) this.#unreachable(route, by);
    }
  }

  /** Routes of one host and one path shape. */
  #group(group: readonly AnalysedRoute[], host: string): void {
    const distinct = new Map<string, AnalysedRoute>();
    for (const route of group) {
      const key = contentOf(route), first = distinct.get(key);
      if (first === undefined) distinct.set(key, route);
      else this.#duplicate(route, first, host);
    }
    const methods = new Set([...distinct.values()].flatMap(takenMethods));
    for (const method of methods) {
      const taking = [...distinct.values()].filter((route) => takenMethods(route).includes(method));
      if (taking.length > 1) this.#contest(new Contest(taking, method), host);
    }
  }

  #contest(contest: Contest, host: string): void {
    for (const route of contest.routes) {
      if (!contest.seenToReach(route)) this.#cover(contest, route);
      for (const other of contest.equals(route)) {
        if ((this.#conflicts.get(route) ?? 0) >= MAX_CONFLICTS || this.#budget.left < 0) break;
        this.#conflict(contest, route, other, host);
      }
    }
  }

  /** Notes whether the more specific routes take all that a route matches with one host and method. */
  #cover(contest: Contest, route: AnalysedRoute): void {
    if (this.#budget.left < 0 || asksAQueryTwice(route)) return;
    const before = contest.before(route), covers = before.map(({ constraints }) => constraints);
    this.#budget.left -= before.length;
    const { result, met } = searchGaps(route.constraints, covers, this.#budget, () => true);
    if (result !== "covered") return;
    let covered = this.#covered.get(route);
    if (covered === undefined) this.#covered.set(route, covered = { times: 0, by: new Set() });
    covered.times++;
    for (const at of met) covered.by.add(before[at]);
  }

  #conflict(contest: Contest, route: AnalysedRoute, other: AnalysedRoute, host: string): void {
    const both = [...route.constraints, ...other.constraints], pair = `${other.index} ${route.index}`;
    if (this.#pairs.has(pair)) return;
    this.#budget.left -= PAIR_COST;
    if (!satisfiable(both)) return;
    const { method } = contest;
    const winner = (taker: AnalysedRoute) =>
      taker.pattern.shape === route.pattern.shape && takenMethods(taker).includes(method) &&
      comparePredicates(taker.predicates, route.predicates) === 0;
    const prove = (cell: Cell) => this.#prover.prove({ routes: [other, route], host, method, cell, winner });
    let witness = prove(new Map()), tries = 0;
    const before = witness === null ? contest.before(route) : [];
    if (before.length > 0) {
      this.#budget.left -= before.length;
      searchGaps(both, before.map(({ constraints }) => constraints), this.#budget, (cell) => {
        witness = prove(cell);
        return witness !== null || ++tries === MAX_TRIES;
      });
    }
    if (witness === null) return;
    this.#pairs.add(pair);
    this.#conflicts.set(route, (this.#conflicts.get(route) ?? 0) + 1);
    this.#report(route, makeFinding("ambiguous", route, [other], witness));
  }

  #duplicate(route: AnalysedRoute, first: AnalysedRoute, host: string): void {
    const pair = `${first.index} ${route.index}`;
    if (this.#pairs.has(pair)) return;
    this.#pairs.add(pair);
    const claim = { routes: [first, route], host, method: takenMethods(route)[0], cell: new Map(), winner: () => true };
    this.#report(route, makeFinding("duplicate", route, [first], this.#prover.prove(claim)));
  }

  #unreachable(route: AnalysedRoute, by: ReadonlySet<AnalysedRoute>): void {
    const takers = new Set(by), winner = (taker: AnalysedRoute) => taker !== route && takers.add(taker).has(taker);
    const [host] = route.hosts, [method] = takenMethods(route);
    const witness = this.#prover.prove({ routes: [route], host, method, cell: new Map(), winner });
    if (witness === null) return;
    const others = [...takers].sort((a, b) => a.index - b.index);
    this.#report(route, makeFinding("unreachable", route, others, witness));
  }

  #report(route: AnalysedRoute, finding: Finding): void {
    this.findings.push({ index: route.index, finding });
  }
}

function contradicts({ constraints }: AnalysedRoute): boolean {
  return constraints.length > 1 && !satisfiable(constraints.filter(({ subject }) => !subject.startsWith("query:")));
}

/** Two predicates on one query parameter can be satisfied by two values, which the search for gaps does not know. */
function asksAQueryTwice({ constraints }: AnalysedRoute): boolean {
  const queries = constraints.map(({ subject }) => subject).filter((subject) => subject.startsWith("query:"));
  return new Set(queries).size < queries.length;
}

/** Methods and constraints as a text that is equal for routes that ask for the same. */
function contentOf({ methods, constraints }: AnalysedRoute): string {
  const asked = constraints.map(({ subject, match }) => {
    const values = "oneOf" in match ? [...new Set(match.oneOf)].sort() : match;
    return JSON.stringify([subject, values]);
  });
  return JSON.stringify([[...methods].sort(), asked.sort()]);
}
