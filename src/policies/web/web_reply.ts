/** A reply in the hands of a policy that somebody wrote with `definePolicy`. @module */

import { BodyError, type BodySource, isBodySource } from "../../core/body.ts";
import type { Reply } from "../../core/reply.ts";
import { protectedField } from "../shape/protected_fields.ts";
import type { ContextReply } from "../context.ts";
import { SourceStream } from "../../http/source_stream.ts";
import { sourceOfStream } from "../../http/stream_source.ts";
import { webResponse } from "./web_response.ts";

/** Shows a {@link Reply}, and makes its web form when asked. */
export class WebReply implements ContextReply {
  /** What goes on up the chain when the policy returns this. */
  readonly reply: Reply;

  constructor(reply: Reply) {
    this.reply = reply;
  }

  get status(): number {
    return this.reply.status;
  }

  set status(status: number) {
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new RangeError(`${status} is not a status that can be sent: use a whole number from 200 to 599`);
    }
    this.reply.status = status;
  }

  header(name: string): string | null {
    return this.reply.header(name);
  }

  setHeader(name: string, value: string): void {
    refuseProtected(name);
    this.reply.setHeader(name, value);
  }

  appendHeader(name: string, value: string): void {
    refuseProtected(name);
    this.reply.appendHeader(name, value);
  }

  removeHeader(name: string): void {
    refuseProtected(name);
    this.reply.removeHeader(name);
  }

  response(): Response {
    const { body } = this.reply;
    if (body instanceof LentBody) {
      throw new TypeError(
        "response() was called before, and a body has one reader: keep what it returned, or clone() it",
      );
    }
    const response = webResponse(this.reply);
    if (isBodySource(body)) this.reply.body = response.body === null ? null : new LentBody(body.length, response);
    return response;
  }
}

/**
 * The body of a reply whose web form somebody has: theirs as soon as they touch it, the reply's as long as they do not.
 * So a policy may look at `response()`, also read a clone of it, and still return the reply.
 */
class LentBody implements BodySource {
  readonly length: number | undefined;
  readonly #response: Response;
  #source: BodySource | null = null;

  constructor(length: number | undefined, response: Response) {
    this.length = length;
    this.#response = response;
  }

  read(into: Uint8Array): number | Promise<number> {
    const source = this.#source ??= this.#takeBack();
    if (source !== null) return source.read(into);
    return Promise.reject(
      new BodyError(
        "endpoint",
        "a policy read the body that response() gave it and returned the reply: return a Response made of what it read",
      ),
    );
  }

  cancel(): void {
    (this.#source ??= this.#takeBack())?.cancel();
  }

  /** `null` when somebody has begun to read, or has passed it on. */
  #takeBack(): BodySource | null {
    const { body, bodyUsed } = this.#response;
    if (body === null || bodyUsed || body.locked || (body instanceof SourceStream && !body.unread)) return null;
    return sourceOfStream(body, { fault: "endpoint" });
  }
}

function refuseProtected(name: string): void {
  const reason = protectedField(name, "response");
  if (reason !== undefined) throw new TypeError(`${name} cannot be changed on a response: ${reason}`);
}
