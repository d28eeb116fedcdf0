/** An identity policy before a target that answers with 200. @module */

import type { BuildEnv } from "../../../src/core/build_env.ts";
import type { Exchange } from "../../../src/core/exchange.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { definitionOf, type Policy } from "../../../src/core/policy.ts";
import { Reply } from "../../../src/core/reply.ts";
import { validateConfig } from "../../../src/config/validate.ts";
import { type ExchangeOptions, makeEnv, makeExchange, readText } from "../../support/exchange.ts";

/** What a request came to. */
export interface Asked {
  readonly exchange: Exchange;
  readonly reply: Reply;
  readonly status: number;
  /** The problem's code; `""` for a reply that is none. */
  readonly code: string;
  /** Values of `WWW-Authenticate`. */
  readonly challenges: readonly string[];
}

/** Sends one request through the policy. */
export type Ask = (headers?: Readonly<Record<string, string>>, options?: ExchangeOptions) => Promise<Asked>;

/** Builds a policy as the compiler does, its options checked. @throws Error with the issues of wrong options */
export function through(policy: Policy, env: BuildEnv = makeEnv()): Ask {
  const handler = build(policy, env)(() => new Reply(200, HeaderList.of(), null));
  return async (headers = {}, options = {}) => {
    const exchange = makeExchange({ headers: Object.entries(headers), ...options }), reply = await handler(exchange);
    const text = await readText(reply.body), code = text === "" ? "" : JSON.parse(text).code;
    return { exchange, reply, status: reply.status, code, challenges: reply.headers.getAll("www-authenticate") };
  };
}

/** The policy's middleware. */
export function build(policy: Policy, env: BuildEnv, id = "/a/policy") {
  const listen = { port: 443, tls: { cert: "c.pem", key: "k.pem", clientCertificates: { ca: "ca.pem" } } };
  const { config, issues } = validateConfig({ listen, routes: [{ path: "/", respond: {}, policies: [policy] }] });
  if (config === null) throw new Error(JSON.stringify(issues));
  const [checked] = config.routes[0].policies;
  return definitionOf(checked)!.build(checked.options, env, id);
}
