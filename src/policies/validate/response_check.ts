/** Answers against their rules: what is wrong is reported, and nothing is changed. @module */

import { isBodySource } from "../../core/body.ts";
import type { BuildEnv } from "../../core/build_env.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { Reply } from "../../core/reply.ts";
import { mediaType } from "../json/json_type.ts";
import { FAULT_TEXTS, readJson } from "../json/read_json.ts";
import type { Check } from "./compile_check.ts";
import { CopiedBody } from "./copied_body.ts";
import type { Validation } from "./validation.ts";

/** Faults that one entry of the log lists. */
const LISTED = 10;

/** Which answers are looked at. */
export interface ResponseSampling {
  /** Share of them, up to 1. */
  readonly sample: number;
  /** Bytes. */
  readonly maxBody: number;
  /** Levels of arrays and objects. */
  readonly maxDepth: number;
}

/** Looks at answers once they are through. */
export class ResponseCheck {
  readonly #validation: Validation;
  readonly #sampling: ResponseSampling;
  readonly #env: BuildEnv;
  readonly #id: string;

  constructor(validation: Validation, sampling: ResponseSampling, env: BuildEnv, id: string) {
    this.#validation = validation;
    this.#sampling = sampling;
    this.#env = env;
    this.#id = id;
  }

  /** Arranges for a look at a reply, which goes on as it is. */
  watch(exchange: Exchange, reply: Reply): Reply {
    const { headers, body, status } = reply, { sample, maxBody } = this.#sampling;
    if (body === null || exchange.method === "HEAD" || headers.has("content-encoding")) return reply;
    const rules = this.#validation.responses(status);
    if (rules === undefined || (sample < 1 && this.#env.random() >= sample)) return reply;
    const rule = rules.find(mediaType(headers.get("content-type")));
    if (rule === undefined) this.#report(exchange, status, ["its type is not described"]);
    if (rule === undefined || rule.check === null) return reply;
    const { check } = rule, look = (bytes: Uint8Array) => this.#later(exchange, status, bytes, check);
    if (isBodySource(body)) reply.body = new CopiedBody(body, maxBody, look);
    else if (body.length <= maxBody) look(body);
    return reply;
  }

  /** The client does not wait for this. */
  #later(exchange: Exchange, status: number, bytes: Uint8Array, check: Check): void {
    this.#env.deadlines.after(0, () => {
      const { fault, value } = readJson(bytes, this.#sampling.maxDepth);
      if (fault !== null) return this.#report(exchange, status, [FAULT_TEXTS[fault]]);
      const faults = check(value, true);
      if (faults.length === 0) return;
      this.#report(exchange, status, faults.slice(0, LISTED).map(({ pointer, message }) => `${pointer} ${message}`));
    });
  }

  #report(exchange: Exchange, status: number, errors: readonly string[]): void {
    const { requestId, route, endpoint } = exchange;
    this.#env.log.warn("an answer is not what is described for it", {
      policy: this.#id,
      route,
      endpoint,
      requestId,
      status,
      errors,
    });
  }
}
