/** The conformance table: every case, by subject. @module */

import type { Row } from "./row.ts";
import { earlyAnswer } from "./rows/early_answer.ts";
import { expectContinue } from "./rows/expect_continue.ts";
import { fieldSyntax } from "./rows/field_syntax.ts";
import { forwarded } from "./rows/forwarded.ts";
import { framingChunked } from "./rows/framing_chunked.ts";
import { framingContentLength } from "./rows/framing_content_length.ts";
import { halfClose } from "./rows/half_close.ts";
import { hopByHopRequest } from "./rows/hop_by_hop_request.ts";
import { host } from "./rows/host.ts";
import { http10 } from "./rows/http10.ts";
import { interim1xx } from "./rows/interim_1xx.ts";
import { keepAlive } from "./rows/keep_alive.ts";
import { limits } from "./rows/limits.ts";
import { maxForwards } from "./rows/max_forwards.ts";
import { methods } from "./rows/methods.ts";
import { pipelining } from "./rows/pipelining.ts";
import { responseFields } from "./rows/response_fields.ts";
import { responseFraming } from "./rows/response_framing.ts";
import { responseMalformed } from "./rows/response_malformed.ts";
import { responseStatuses } from "./rows/response_statuses.ts";
import { smuggling } from "./rows/smuggling.ts";
import { startLine } from "./rows/start_line.ts";
import { streaming } from "./rows/streaming.ts";
import { target } from "./rows/target.ts";
import { timeoutRows } from "./rows/timeouts.ts";
import { trailers } from "./rows/trailers.ts";
import { upgrade } from "./rows/upgrade.ts";

/** Every row, in the order of a request's way there and back. */
export const TABLE: readonly Row[] = [
  ...startLine,
  ...host,
  ...target,
  ...methods,
  ...framingContentLength,
  ...framingChunked,
  ...smuggling,
  ...fieldSyntax,
  ...limits,
  ...timeoutRows,
  ...hopByHopRequest,
  ...forwarded,
  ...maxForwards,
  ...expectContinue,
  ...pipelining,
  ...keepAlive,
  ...halfClose,
  ...http10,
  ...earlyAnswer,
  ...streaming,
  ...trailers,
  ...upgrade,
  ...interim1xx,
  ...responseFraming,
  ...responseMalformed,
  ...responseStatuses,
  ...responseFields,
];
