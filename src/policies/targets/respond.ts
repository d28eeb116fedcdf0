/** The target that answers with what the config says. @module */

import type { Handler } from "../../core/handler.ts";
import { checkFieldValue, HeaderList } from "../../core/header_list.ts";
import { Reply } from "../../core/reply.ts";
import { hasNoContent } from "../../http/no_content.ts";
import { isToken } from "../../http/token.ts";
import { fieldText } from "../shape/field_text.ts";

/** A fixed answer. */
export interface RespondPlan {
  /** 200–599. */
  readonly status: number;
  /** Without those that the gateway writes itself; `content-type` is among them where there is a body. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as UTF-8; `null` for none. */
  readonly body: string | null;
}

/**
 * Prepares fields and bytes once; each exchange gets a reply of its own, for policies above change it.
 *
 * @throws TypeError for a name or value that no field may have, and for a body with a status that has none (RFC 9110 §6.4.1)
 */
export function respondHandler({ status, headers, body }: RespondPlan): Handler {
  if (body !== null && hasNoContent(status)) throw new TypeError(`a response with status ${status} has no body`);
  const fields = Object.entries(headers).flatMap(([name, value]) => {
    if (!isToken(name)) throw new TypeError(`"${name}" is not a header name`);
    const text = fieldText(value);
    checkFieldValue(name, text);
    return [name.toLowerCase(), text];
  });
  const bytes = body === null ? null : new TextEncoder().encode(body);
  return () => new Reply(status, new HeaderList(null, fields.slice()), bytes);
}
