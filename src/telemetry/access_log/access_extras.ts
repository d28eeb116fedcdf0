/** What a line of the access log in JSON tells beside its members. @module */

import type { RequestCompleted } from "../../core/events.ts";
import type { HeaderList } from "../../core/header_list.ts";
import { jsonText } from "../lines/json_text.ts";
import { Redaction } from "./redaction.ts";
import type { AccessLogPlan } from "../telemetry_plan.ts";

/**
 * Makes what comes behind the members, each with its comma: `query` with its `?`, `request` and `response` with the chosen
 * fields of the request as it went on and of the answer as it was sent, and `slow`; each where there is something to tell.
 * `null`: there never is.
 */
export function accessExtras(plan: AccessLogPlan): ((event: RequestCompleted) => string) | null {
  const { query, headers, slow } = plan, redaction = new Redaction(plan.redact);
  const request = fieldsOf("request", headers.request, redaction),
    response = fieldsOf("response", headers.response, redaction);
  if (!query && request === null && response === null && slow === null) return null;
  return ({ exchange, duration }) => {
    let text = "";
    if (query && exchange.query !== "") text += ',"query":"' + jsonText(redaction.query(exchange.query)) + '"';
    if (request !== null) text += request(exchange.headers);
    if (response !== null && exchange.answered !== null) text += response(exchange.answered);
    return slow !== null && duration > slow ? text + ',"slow":true' : text;
  };
}

function fieldsOf(
  member: string,
  names: readonly string[],
  redaction: Redaction,
): ((headers: HeaderList) => string) | null {
  if (names.length === 0) return null;
  const keys = names.map((name) => ',"' + jsonText(name) + '":"');
  return (headers) => {
    let text = "";
    for (let i = 0; i < names.length; i++) {
      const value = headers.get(names[i]);
      if (value !== null) text += keys[i] + jsonText(redaction.field(names[i], value)) + '"';
    }
    return text === "" ? "" : `,"${member}":{` + text.slice(1) + "}";
  };
}
