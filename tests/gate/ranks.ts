/** Which folder of `src/` may import which: the table of src/README.md as data. @module */

/** The rank of each folder and file directly in `src/`. An import goes to a lower rank, or stays in its own folder. */
export const RANKS: Readonly<Record<string, number>> = {
  core: 0,
  http: 1,
  routing: 1,
  settings: 1,
  telemetry: 1,
  transport: 2,
  state: 2,
  policies: 2,
  upstreams: 3,
  config: 4,
  adaptive: 4,
  compile: 5,
  runtime: 6,
  admin: 7,
  "gateway.ts": 8,
  cli: 9,
  testing: 9,
};

/** The public entrance is above all that it shows, and nothing imports it. */
export const ENTRANCE_RANK = 10;

/** Where each package is at home. A package that is not here is not used in `src/`; a folder ends with `/`. */
export const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  "@logtape/": ["src/telemetry/"],
  "@opentelemetry/": ["src/telemetry/"],
  ajv: ["src/policies/validate/"],
  "ajv-formats": ["src/policies/validate/"],
  "fast-check": ["src/testing/"],
  "hash-wasm": ["src/policies/auth/"],
  hono: ["src/admin/"],
  ioredis: ["src/state/redis/"],
  jose: ["src/policies/auth/"],
  "node:assert": ["src/testing/"],
  "node:test": ["src/testing/"],
  "structured-headers": ["src/policies/auth/"],
  yaml: ["src/config/", "src/policies/validate/"],
  // A policy carries the schema of its options, so that no list of policies is needed anywhere.
  zod: ["src/config/", "src/core/policy.ts", "src/core/store.ts", "src/policies/", "src/settings/", "src/state/"],
};

/** Files of more than 300 lines, with the reason why they are one. */
export const LONG_FILES: Readonly<Record<string, string>> = {
  "src/runtime/h1/client_connection.ts": "the states of a connection and every way from one to another: read as one",
  "src/upstreams/call.ts": "the states of an attempt loop and every way from one to another: read as one",
  "src/transport/connection.ts": "the states of a connection and every way from one to another: read as one",
};

/** What stands in the top folder: nothing else does. */
export const TOP_LEVEL: readonly string[] = [
  ".ci",
  ".git",
  ".gitignore",
  "CONTRIBUTING.md",
  "LICENSE",
  "README.md",
  "bench",
  "deno.json",
  "deno.lock",
  "deploy",
  "docs",
  "examples",
  "gateway.config.ts",
  "mod.ts",
  "src",
  "tests",
];
