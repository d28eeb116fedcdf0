/** The `validate` policy before a target that answers. @module */

import { strict as assert } from "node:assert";
import type { Exchange } from "../../../src/core/exchange.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { validateDefinition, type ValidateOptions } from "../../../src/policies/validate/validate.ts";
import { validateSchema } from "../../../src/policies/validate/validate_schema.ts";
import { type ExchangeOptions, makeEnv, makeExchange, readText, type TestEnv } from "../../support/exchange.ts";

/** What became of a request. */
export interface Asked {
  readonly status: number;
  /** The problem's code; `""` for a request that passed. */
  readonly code: string;
  /** `in pointer: message`, in order. */
  readonly errors: readonly string[];
  readonly reply: Reply;
  readonly exchange: Exchange;
}

export class ValidateBed {
  readonly env: TestEnv;
  readonly #options: ValidateOptions;
  readonly #answer: () => Reply | Promise<Reply>;

  constructor(
    options: ValidateOptions,
    files: Readonly<Record<string, string>> = {},
    answer?: () => Reply | Promise<Reply>,
  ) {
    this.env = makeEnv(files);
    this.#options = options;
    this.#answer = answer ?? (() => new Reply(200, HeaderList.of(), null));
  }

  /** Sends one; a POST with JSON unless it says otherwise. */
  async ask(request: ExchangeOptions & { readonly json?: string } = {}): Promise<Asked> {
    const { json, ...rest } = request;
    const middleware = validateDefinition.build(validateSchema.parse(this.#options), this.env, "a/validate");
    const exchange = makeExchange({
      method: "POST",
      ...(json === undefined
        ? {}
        : { body: new TextEncoder().encode(json), headers: [["content-type", "application/json"]] }),
      ...rest,
    });
    let passed = false;
    const reply = await middleware(() => {
      passed = true;
      return this.#answer();
    })(exchange);
    if (passed) return { status: 200, code: "", errors: [], reply, exchange };
    const problem = JSON.parse(await readText(reply.body));
    assert.equal(problem.code, exchange.error);
    const errors = (problem.errors ?? []).map((error: Record<string, string>) =>
      `${error.in} ${error.pointer}: ${error.message}`
    );
    return { status: reply.status, code: problem.code, errors, reply, exchange };
  }
}
