/**
 * What stands between the clients and the origin: the gateway with one policy or another.
 *
 * @module
 */
import type { Options } from "./options.ts";

/** A gateway under overload. */
export interface Variant {
  readonly id: string;
  /** The policy as it stands in the config; `null` for none. Those that must be told are told how many places there are. */
  readonly policy: ((options: Options) => string) | null;
}

/** Every variant, in the order in which they are reported. */
export const VARIANTS: readonly Variant[] = [
  { id: "nothing", policy: null },
  {
    id: "concurrencyLimit",
    // A few more than there are places keep them busy, and so does a short line; both add their length to the latency.
    policy: ({ places }) =>
      `concurrencyLimit({ max: ${Math.ceil(places * 1.25)}, queue: ${Math.ceil(places / 2)}, queueTimeout: "100ms" })`,
  },
  { id: "adaptiveConcurrency", policy: () => "adaptiveConcurrency()" },
  { id: "loadShed", policy: ({ places }) => `loadShed({ maxInFlight: ${places * 2} })` },
];

/** The gateway's config file. */
export function configOf({ id, policy }: Variant, port: number, origin: number, options: Options): string {
  const policies = policy === null ? "" : `, policies: [${policy(options)}]`;
  return `import { defineGateway${policy === null ? "" : `, ${id}`} } from "gatewright";

export default defineGateway({
  listen: { hostname: "127.0.0.1", port: ${port} },
  admin: false,
  upstreams: { app: { endpoints: ["http://127.0.0.1:${origin}"] } },
  routes: [
    { path: "/", respond: { body: "ready" } },
    { path: "/work", upstream: "app"${policies} },
  ],
});
`;
}
