/** The `introspect` policy before a provider that a test plays. @module */

import type { Consumers } from "../../../src/core/consumers.ts";
import type { Exchange } from "../../../src/core/exchange.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { secret } from "../../../src/core/secret.ts";
import { introspect, introspectDefinition, type IntrospectOptions } from "../../../src/policies/auth/introspect.ts";
import { type ExchangeOptions, makeEnv, makeExchange, readText, type TestEnv } from "../../support/exchange.ts";

/** What the provider says of a token: members of its answer, its whole reply, or nothing until it is resolved. */
export type Says = object | Reply | Promise<object | Reply>;

export const CLIENT_SECRET = "s3cret: %/?";

/** The policy with everything around it. */
export class IntrospectBed {
  readonly env: TestEnv;
  /** Forms that the provider was sent. */
  readonly asked: URLSearchParams[] = [];
  readonly calls: Exchange[] = [];
  readonly send: (exchange: Exchange) => Promise<{ status: number; reply: Reply; passed: boolean }>;

  constructor(
    says: (token: string) => Says,
    options: Partial<IntrospectOptions> = {},
    around: { readonly consumers?: Consumers; readonly env?: TestEnv } = {},
  ) {
    const env = around.env ?? makeEnv({ CLIENT_SECRET });
    const provider = async (exchange: Exchange): Promise<Reply> => {
      const form = new URLSearchParams(await readText(exchange.body));
      this.calls.push(exchange);
      this.asked.push(form);
      const said = await says(form.get("token") ?? "");
      return said instanceof Reply ? said : json(said);
    };
    this.env = { ...env, ...around, dispatch: () => provider };
    const { options: written } = introspect({
      endpoint: "https://id.example/introspect",
      clientId: "gateway",
      clientSecret: secret.env("CLIENT_SECRET"),
      ...options,
    } as IntrospectOptions<never>);
    const plan = introspectDefinition.schema.parse(written);
    let passed = false;
    const handler = introspectDefinition.build(plan, this.env, "introspect")(() => {
      passed = true;
      return new Reply(200, HeaderList.of(), null);
    });
    this.send = async (exchange) => {
      passed = false;
      const reply = await handler(exchange);
      return { status: reply.status, reply, passed };
    };
  }

  /** The status that a request with this token gets now. */
  async status(token: string): Promise<number> {
    return (await this.send(this.withToken(token))).status;
  }

  /** A request with this token that comes now. */
  withToken(token: string, options: ExchangeOptions = {}): Exchange {
    return makeExchange({
      startedAt: this.env.clock.now(),
      ...options,
      headers: [["authorization", `Bearer ${token}`], ...options.headers ?? []],
    });
  }
}

export function json(value: unknown, status = 200): Reply {
  return new Reply(
    status,
    HeaderList.of("content-type", "application/json"),
    new TextEncoder().encode(JSON.stringify(value)),
  );
}
