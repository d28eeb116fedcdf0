/** The `forwardAuth` policy before a service that a test plays. @module */

import type { Exchange } from "../../../src/core/exchange.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import {
  forwardAuth,
  forwardAuthDefinition,
  type ForwardAuthOptions,
} from "../../../src/policies/auth/forward_auth.ts";
import { makeEnv, type TestEnv } from "../../support/exchange.ts";

/** The service's answer to a call. */
export type Decides = (call: Exchange) => Reply | Promise<Reply>;

/** The policy with everything around it. */
export class ForwardAuthBed {
  readonly env: TestEnv;
  /** What the service was sent. */
  readonly calls: Exchange[] = [];
  readonly send: (exchange: Exchange) => Promise<{ status: number; reply: Reply; passed: boolean }>;

  constructor(decides: Decides, options: Partial<ForwardAuthOptions> = {}, around: Partial<TestEnv> = {}) {
    const service = async (call: Exchange): Promise<Reply> => {
      this.calls.push(call);
      return await decides(call);
    };
    this.env = { ...makeEnv(), ...around, dispatch: () => service };
    const { options: written } = forwardAuth(
      { to: "http://auth.internal/check?a=1", ...options } as ForwardAuthOptions,
    );
    const plan = forwardAuthDefinition.schema.parse(written);
    let passed = false;
    const handler = forwardAuthDefinition.build(plan, this.env, "forwardAuth")(() => {
      passed = true;
      return new Reply(200, HeaderList.of("x-own", "1", "set-cookie", "own=1", "cache-control", "public"), null);
    });
    this.send = async (exchange) => {
      passed = false;
      const reply = await handler(exchange);
      return { status: reply.status, reply, passed };
    };
  }
}

/** An answer with these fields. */
export function replyOf(status: number, fields: Readonly<Record<string, string>> = {}, body = ""): Reply {
  const bytes = body === "" ? null : new TextEncoder().encode(body);
  return new Reply(status, HeaderList.of(...Object.entries(fields).flat()), bytes);
}
