/** What a client sees when something went wrong: a problem document (RFC 9457). @module */

import { HeaderList } from "../core/header_list.ts";
import { Reply } from "../core/reply.ts";
import type { SpanLink } from "../core/trace.ts";
import { statusText } from "./status_text.ts";

/** A value that JSON can hold. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** What a problem says. Nothing in it may come from an exception, an upstream's address or the config: causes go to the log. */
export interface ProblemInit {
  /** 400–599. */
  readonly status: number;
  /** A stable name for programs, in `snake_case`: `upstream_timeout`. The `type` is `urn:gatewright:problem:<code>`. */
  readonly code: string;
  /** One sentence for people; absent where the title says it all. */
  readonly detail?: string;
  /** Further members. They cannot replace the ones above. */
  readonly extra?: Readonly<Record<string, Json>>;
}

/** By what those who have seen it find it again; an exchange is one. */
export interface ProblemOrigin {
  readonly requestId: string;
  /** @default none */
  readonly trace?: Pick<SpanLink, "traceId"> | null;
}

const encoder = new TextEncoder();

/** A reply that no cache keeps. `Allow`, `Retry-After` and the like are for the caller to set. */
export function problem({ requestId, trace }: ProblemOrigin, { status, code, detail, extra }: ProblemInit): Reply {
  const document = {
    ...extra,
    type: `urn:gatewright:problem:${code}`,
    title: statusText(status) || "Error",
    status,
    code,
    detail,
    requestId,
    traceId: trace?.traceId,
  };
  return new Reply(
    status,
    HeaderList.of("content-type", "application/problem+json", "cache-control", "no-store"),
    encoder.encode(JSON.stringify(document)),
  );
}
