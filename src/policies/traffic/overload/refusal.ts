/** The answer to a request that would be one too many. @module */

import type { Exchange } from "../../../core/exchange.ts";
import { HeaderList } from "../../../core/header_list.ts";
import { Reply } from "../../../core/reply.ts";
import { problem } from "../../../http/problem.ts";

/** What is said to a client that is refused. */
export interface RefusalInit {
  /** 503: the service has too much to do. 429: this client has. */
  readonly status: 429 | 503;
  /** The problem's code, and the exchange's. */
  readonly code: string;
  readonly detail: string;
  /** Seconds until another try makes sense. */
  readonly retryAfter: number;
}

/** Stands for the request's id, behind which stands the trace's only, in a document that is made before there is one. */
const ID = "\u0000";

/**
 * Refuses: a problem document with `Retry-After` (RFC 9110 §10.2.3). All but the ids is made ready, as refusals
 * come when there is too much to do already.
 */
export function refusal({ status, code, detail, retryAfter }: RefusalInit): (exchange: Exchange) => Reply {
  const { headers, body } = problem({ requestId: ID }, { status, code, detail }), encoder = new TextEncoder();
  const fields = [...headers.flat(), "retry-after", String(retryAfter)];
  const [before] = new TextDecoder().decode(body as Uint8Array).split(`${JSON.stringify(ID)}}`);
  return (exchange) => {
    exchange.error = code;
    const { requestId, trace } = exchange, id = JSON.stringify(requestId);
    const document = before + id + (trace === null ? "}" : `,"traceId":"${trace.traceId}"}`);
    return new Reply(status, HeaderList.of(...fields), encoder.encode(document));
  };
}
