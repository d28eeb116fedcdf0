/**
 * What it costs to know a token that a provider has called active, and an answer of a service, while they are remembered:
 * `deno bench bench/introspect_bench.ts`.
 *
 * @module
 */

import type { BuildEnv } from "../src/core/build_env.ts";
import { systemClock } from "../src/core/clock.ts";
import { NO_CONSUMERS } from "../src/core/consumers.ts";
import { Exchange } from "../src/core/exchange.ts";
import type { Handler } from "../src/core/handler.ts";
import { HeaderList } from "../src/core/header_list.ts";
import { silentLog } from "../src/core/log.ts";
import { Reply } from "../src/core/reply.ts";
import { secret } from "../src/core/secret.ts";
import { TimerWheel } from "../src/core/timer_wheel.ts";
import type { Authenticator } from "../src/policies/auth/authenticator.ts";
import { forwardAuth, forwardAuthDefinition } from "../src/policies/auth/forward_auth.ts";
import { introspect, introspectDefinition } from "../src/policies/auth/introspect.ts";

const TOKEN = "mF_9.B5f-4.1JqM.0123456789abcdef0123456789abcdef";
const ACTIVE = new TextEncoder().encode('{"active":true,"sub":"alice","scope":"read"}');

const answering: Handler = () => new Reply(200, HeaderList.of("x-user", "alice"), ACTIVE);

const env = {
  clock: systemClock,
  deadlines: new TimerWheel(systemClock),
  consumers: NO_CONSUMERS,
  log: silentLog,
  secrets: () => ({ value: "s3cret" }),
  state: (_id: string, _shape: unknown, create: () => object) => create(),
  dispatch: () => answering,
} as unknown as BuildEnv;

function request(): Exchange {
  return new Exchange({
    method: "GET",
    path: "/orders",
    query: "?a=1",
    authority: "gateway.test",
    host: "gateway.test",
    scheme: "http",
    client: { ip: "192.0.2.7", peer: "192.0.2.7", trusted: false },
    headers: HeaderList.of("accept", "*/*", "user-agent", "bench", "authorization", `Bearer ${TOKEN}`),
    body: null,
    requestId: "1",
    startedAt: systemClock.now(),
  });
}

const introspection = introspectDefinition.authenticator(
  introspectDefinition.schema.parse(
    introspect({
      endpoint: "https://id.example/introspect",
      clientId: "gateway",
      clientSecret: secret.env("S"),
      cache: { ttl: "1h" },
      keep: true,
    }).options,
  ),
  env,
  "bench",
);
const cache = { key: "header:authorization", ttl: "1h" } as const;
const forwarding = forwardAuthDefinition.authenticator(
  forwardAuthDefinition.schema.parse(forwardAuth({ to: "https://auth.example/", cache }).options),
  env,
  "bench",
);

const exchange = request();
for (const authenticator of [introspection, forwarding]) await authenticator.check(exchange);

function known(authenticator: Authenticator): void {
  const identity = authenticator.check(exchange);
  if (!("method" in identity)) throw new Error("it is not remembered");
}

Deno.bench("introspect, remembered", { group: "auth" }, () => known(introspection));
Deno.bench("forwardAuth, remembered", { group: "auth" }, () => known(forwarding));
