/** What finding a route costs with 10 to 10,000 routes of mixed shape. Run: `deno bench bench/router_bench.ts`. @module */

import type { Predicate } from "../src/routing/predicate.ts";
import type { RouteEntry } from "../src/routing/route_entry.ts";
import type { RouteRequest } from "../src/routing/route_request.ts";
import { Router } from "../src/routing/router.ts";

const REQUESTS = 1024;
const SIZES = [10, 100, 1000, 10_000];

/** A quarter each: literal, one parameter, two parameters, wildcard. */
function mixedPattern(i: number): string {
  return [
    `/svc${i}/static/health`,
    `/svc${i}/users/:id`,
    `/svc${i}/users/:id/orders/:oid`,
    `/svc${i}/*`,
  ][i % 4];
}

function entry(i: number, pattern: string, more: Partial<RouteEntry<number>> = {}): RouteEntry<number> {
  return { id: `route ${i}`, pattern, methods: [], hosts: [], predicates: [], value: i, source: "", ...more };
}

function pathOf(pattern: string, i: number): string {
  return pattern.replace(":id", `u${i}`).replace(":oid", `o${i}`).replace("*", "a/b/c");
}

function request(path: string, headers: Record<string, string> = {}): RouteRequest {
  return { method: "GET", path, host: "api.example.com", query: "", headers: { get: (name) => headers[name] ?? null } };
}

/** Paths as an engine gives them: strings that were never hashed. */
function requests(paths: readonly string[], headers?: (i: number) => Record<string, string>): RouteRequest[] {
  return paths.map((path, i) => request(new TextDecoder().decode(new TextEncoder().encode(path)), headers?.(i)));
}

function bench(group: string, name: string, router: Router<number>, list: readonly RouteRequest[]): void {
  const captures: string[] = [];
  for (const one of list) if (router.find(one, captures) === null) throw new Error(`no route for ${one.path}`);
  Deno.bench({ group, name, n: 200 }, () => {
    for (const one of list) router.find(one, captures);
  });
}

for (const size of SIZES) {
  const patterns = Array.from({ length: size }, (_, i) => mixedPattern(i));
  const paths = Array.from({ length: REQUESTS }, (_, i) => pathOf(patterns[(i * 7919) % size], i));
  bench(
    "1024 requests, mixed routes",
    `${size} routes`,
    new Router(patterns.map((p, i) => entry(i, p))),
    requests(paths),
  );
}

for (const size of SIZES) {
  const patterns = Array.from({ length: size }, (_, i) => mixedPattern(i >> 1));
  const entries = patterns.map((pattern, i) =>
    entry(i, pattern, {
      methods: [i % 2 === 0 ? "GET" : "POST"],
      hosts: [i % 8 < 4 ? "api.example.com" : "*.example.com"],
    })
  );
  const paths = Array.from({ length: REQUESTS }, (_, i) => pathOf(patterns[(i * 7919) % size & ~1], i));
  bench("1024 requests, mixed routes with hosts and methods", `${size} routes`, new Router(entries), requests(paths));
}

for (const size of SIZES) {
  const entries = Array.from({ length: size }, (_, i) => {
    const predicates: Predicate[] = [{ of: "header", name: "x-tenant", match: { oneOf: [`t${i}`] } }];
    return entry(i, "/api/*", { predicates });
  });
  const list = requests(
    Array.from({ length: REQUESTS }, () => "/api/users/7"),
    (i) => ({ "x-tenant": `t${(i * 7919) % size}` }),
  );
  bench("1024 requests, one path by tenant header", `${size} tenants`, new Router(entries), list);
}

for (const size of SIZES) {
  const entries = Array.from({ length: size }, (_, i) => entry(i, mixedPattern(i)));
  Deno.bench({ group: "building the router", name: `${size} routes`, n: 10 }, () => {
    new Router(entries);
  });
}
