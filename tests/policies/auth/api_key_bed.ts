/** `apiKey` before a target that keeps what arrives. @module */

import { createHash } from "node:crypto";
import type { Consumers } from "../../../src/core/consumers.ts";
import type { Exchange } from "../../../src/core/exchange.ts";
import type { Handler } from "../../../src/core/handler.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import type { SecretReader } from "../../../src/core/secret.ts";
import { apiKeyDefinition, type ApiKeyOptions, type KeyHash } from "../../../src/policies/auth/api_key.ts";
import { apiKeySchema } from "../../../src/policies/auth/api_key_schema.ts";
import { type ExchangeOptions, makeEnv, makeExchange, type TestEnv } from "../../support/exchange.ts";

/** What a config has in place of a key. */
export function hashOf(key: string): KeyHash {
  return `sha256:${createHash("sha256").update(key).digest("hex")}`;
}

/** What came of one request. */
export interface Answer {
  readonly status: number;
  readonly reply: Reply;
  readonly exchange: Exchange;
}

/** What a bed stands in. */
export interface BedWorld {
  readonly env?: TestEnv;
  readonly consumers?: Consumers;
  readonly secrets?: SecretReader;
}

export class ApiKeyBed {
  readonly env: TestEnv;
  readonly handler: Handler;
  arrived = 0;

  constructor(options: ApiKeyOptions, { env = makeEnv(), consumers, secrets }: BedWorld = {}) {
    this.env = env;
    const world = {
      ...env,
      ...consumers === undefined ? {} : { consumers },
      ...secrets === undefined ? {} : { secrets },
    };
    this.handler = apiKeyDefinition.build(apiKeySchema.parse(options), world, "r/apiKey")(() => {
      this.arrived++;
      return new Reply(200, HeaderList.of(), null);
    });
  }

  /** One request; the clock of the exchange is the bed's. */
  async ask(options: ExchangeOptions = {}): Promise<Answer> {
    const exchange = makeExchange({ startedAt: this.env.clock.now(), ...options });
    const reply = await this.handler(exchange);
    return { status: reply.status, reply, exchange };
  }

  /** One request with a key in `x-api-key`. */
  key(key: string, options: ExchangeOptions = {}): Promise<Answer> {
    return this.ask({ headers: [["x-api-key", key]], ...options });
  }
}
