/** Where a service is that a policy calls, as an option of the policy. @module */

import type { z } from "zod";
import { Refusal } from "../../settings/scalar.ts";
import { oneOfShapes, settings } from "../../settings/shapes.ts";
import { plainText, text } from "../../settings/text.ts";

/** A URL, or a path of one of the config's upstreams, whose TLS, time limits and balancing then hold. */
export type ServiceOption<U extends string = string> =
  | `http://${string}`
  | `https://${string}`
  | {
    /** Name of the upstream. */
    readonly upstream: U;
    /** Path, and query where there is one. */
    readonly path: `/${string}`;
  };

/**
 * The name of the upstream in a {@link ServiceOption}, as a fact that the config provides; nothing where it is known at run
 * time only: `check` looks at it.
 */
export type UpstreamFact<U extends string> = string extends NoInfer<U> ? never : `upstream:${NoInfer<U>}`;

/** A {@link ServiceOption} taken apart. */
export interface ServiceAddress {
  /** As `BuildEnv.dispatch` takes it: the upstream's name, or the URL's origin. */
  readonly to: string;
  /** The upstream's name, or `null`. */
  readonly upstream: string | null;
  readonly scheme: "http" | "https";
  readonly authority: string;
  readonly path: string;
  /** With its `?`; `""` without one. */
  readonly query: string;
}

/** Schema of a {@link ServiceOption}. */
export const serviceAddress: z.ZodType<ServiceAddress, unknown> = oneOfShapes(
  'a URL such as "https://id.example/keys", or { upstream, path }',
  [
    text<ServiceAddress>({
      expected: 'a URL such as "https://id.example/keys"',
      json: { format: "uri" },
      // What is refused may have a password in it.
      read: (value) =>
        urlAddress(value) ?? new Refusal("this is no http or https URL without a user", '"https://id.example/keys"'),
    }),
    settings("settings such as { upstream, path }", {
      upstream: plainText("the name of an upstream").describe("Name of the upstream."),
      path: text<string>({
        expected: 'a path such as "/keys"',
        read: (path) => path.startsWith("/") ? path : new Refusal("a path starts with /", JSON.stringify(`/${path}`)),
      }).describe("Path, and query where there is one."),
    }).transform(({ upstream, path }): ServiceAddress => {
      const { pathname, search } = new URL(`http://upstream${path}`);
      return { to: upstream, upstream, scheme: "http", authority: upstream, path: pathname, query: search };
    }),
  ],
);

/** The address behind a URL; `undefined` for what is no http or https URL, or has a user in it. */
export function urlAddress(value: string): ServiceAddress | undefined {
  const url = URL.parse(value);
  if (url === null || url.username !== "" || url.password !== "") return undefined;
  const scheme = url.protocol === "https:" ? "https" : url.protocol === "http:" ? "http" : undefined;
  if (scheme === undefined) return undefined;
  return { to: url.origin, upstream: null, scheme, authority: url.host, path: url.pathname, query: url.search };
}

/** What a policy with this service needs of the config. */
export function upstreamFacts(address: ServiceAddress): string[] {
  return address.upstream === null ? [] : [`upstream:${address.upstream}`];
}
