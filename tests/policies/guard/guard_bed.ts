/** Guards before a target, without an engine, and what `check` says of their options. @module */

import { validateConfig } from "../../../src/config/validate.ts";
import type { Exchange } from "../../../src/core/exchange.ts";
import type { Handler } from "../../../src/core/handler.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import type { Issue } from "../../../src/core/issue.ts";
import { definitionOf, type Policy } from "../../../src/core/policy.ts";
import { Reply } from "../../../src/core/reply.ts";
import { problem } from "../../../src/http/problem.ts";
import { type ExchangeOptions, makeEnv, makeExchange, type TestEnv } from "../../support/exchange.ts";

/** The target: an answer with these fields. */
export function answering(status = 200, ...fields: string[]): Handler {
  return () => new Reply(status, HeaderList.of(...fields), null);
}

/** What an exchange came to. */
export interface Asked {
  readonly exchange: Exchange;
  readonly reply: Reply;
}

/** An environment in which a chain that threw is answered with 500. */
export function failingEnv(secrets: Record<string, string> = {}): TestEnv {
  return {
    ...makeEnv(secrets),
    failed(exchange) {
      exchange.error = "internal_error";
      return problem(exchange, { status: 500, code: "internal_error" });
    },
  };
}

/** The policy in front of a target, ready to be asked. */
export function guarding(
  policy: Policy,
  next: Handler = answering(),
  env: TestEnv = failingEnv(),
): (options?: ExchangeOptions) => Promise<Asked> {
  const handler = handlerOf(policy, next, env);
  return async (options) => {
    const exchange = makeExchange(options);
    return { exchange, reply: await handler(exchange) };
  };
}

/** The policy, checked, built and bound. */
export function handlerOf(policy: Policy, next: Handler = answering(), env: TestEnv = failingEnv()): Handler {
  const definition = definitionOf(policy)!;
  return definition.build(definition.schema.parse(policy.options), env, `route/${policy.kind}`)(next);
}

/** The words in which `routes` tells what the policy does. */
export function described(policy: Policy): string {
  const definition = definitionOf(policy)!;
  return definition.describe!(definition.schema.parse(policy.options));
}

/** What `check` says of the policy's options: `error at.path: message → remedy`. */
export function said(policy: Policy): string[] {
  const { issues } = validateConfig({ routes: [{ path: "/", respond: {}, policies: [policy] }] });
  return issues.map(inWords);
}

function inWords({ severity, path, message, remedy }: Issue): string {
  const at = path.replace(/^routes\[0\]\.policies\[0\]\.?/, "");
  return `${severity} ${at}: ${message}${remedy === undefined ? "" : ` → ${remedy}`}`;
}
