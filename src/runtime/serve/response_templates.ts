/** Responses that are given many times. @module */

import type { HeaderSource } from "../../core/header_list.ts";
import type { Reply } from "../../core/reply.ts";
import { bareResponse, type ResponseExtras, withExtras } from "./response.ts";

/** What was made of fields that many replies share. */
interface Template {
  readonly status: number;
  readonly body: Uint8Array;
  readonly response: Response;
}

/**
 * Makes one response of what a cache gives again and again, and copies that: a copy costs a quarter of what a dozen fields
 * do that are appended one by one.
 */
export class ResponseTemplates {
  readonly #made = new WeakMap<HeaderSource, Template>();

  /** The response to a request whose answer has a body; `null` where the reply's fields are its own. */
  of(reply: Reply, body: Uint8Array, method: string, extras: ResponseExtras): Response | null {
    const source = reply.headers.untouched;
    if (source?.shared !== true) return null;
    const { status } = reply;
    let template = this.#made.get(source);
    if (template?.body !== body || template.status !== status) {
      template = { status, body, response: bareResponse(reply, body, method, extras.requestIdField) };
      this.#made.set(source, template);
    }
    return withExtras(template.response.clone(), extras);
  }
}
