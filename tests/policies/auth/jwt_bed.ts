/** The `jwt` policy before a target that answers 200, and an issuer that signs what it is told to. @module */

import type { BuildEnv } from "../../../src/core/build_env.ts";
import type { Exchange } from "../../../src/core/exchange.ts";
import type { Handler } from "../../../src/core/handler.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { jwtDefinition } from "../../../src/policies/auth/jwt.ts";
import { jwtSchema } from "../../../src/policies/auth/jwt_schema.ts";
import { type ExchangeOptions, makeEnv, makeExchange, type TestEnv } from "../../support/exchange.ts";

/** What came of one request. */
export interface Asked {
  readonly status: number;
  readonly reply: Reply;
  readonly exchange: Exchange;
  /** Why it was refused, as the log has it. */
  readonly reason: string;
}

/** What a bed is made with beside the options. */
export interface BedOptions {
  readonly secrets?: Readonly<Record<string, string>>;
  /** An environment of before, as after a reload. */
  readonly env?: TestEnv;
  readonly world?: Partial<Pick<BuildEnv, "consumers" | "dispatch" | "random">>;
}

/** A built policy and requests to it. */
export class JwtBed {
  readonly env: TestEnv;
  readonly handler: Handler;
  /** Exchanges that came through. */
  readonly passed: Exchange[] = [];

  /** @param options as a config has them; `audience` is `"api"` where they name none */
  constructor(options: object, { secrets, env, world = {} }: BedOptions = {}) {
    this.env = { ...env ?? makeEnv(secrets), ...world };
    const plan = jwtSchema.parse({ audience: "api", ...options });
    this.handler = jwtDefinition.build(plan, this.env, "a/jwt")((exchange) => {
      this.passed.push(exchange);
      return new Reply(200, HeaderList.of(), null);
    });
  }

  /** One request, now. @param token as a bearer's, unless the options have headers of their own */
  async ask(token: string | null, options: ExchangeOptions = {}): Promise<Asked> {
    const headers = token === null ? [] : [["authorization", `Bearer ${token}`] as const];
    const exchange = makeExchange({ headers, startedAt: this.env.clock.now(), ...options });
    const reply = await this.handler(exchange);
    return { status: reply.status, reply, exchange, reason: exchange.reason };
  }
}
