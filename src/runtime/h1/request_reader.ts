/** From the bytes of a head to an exchange. @module */

import type { Client } from "../../core/exchange.ts";
import { HeaderList } from "../../core/header_list.ts";
import { fieldNumber } from "../../core/known_fields.ts";
import { isProxyOnly } from "../../http/forwarded.ts";
import { HeadScanner, INCOMPLETE, LINE_STRIDE, TOO_MANY_LINES } from "../../http/head_scanner.ts";
import { acceptsTrailers, nominated } from "../../http/hop_by_hop.ts";
import { decodeLatin1 } from "../../http/latin1.ts";
import { persists } from "../../http/persists.ts";
import { lineValue, TextHeaders } from "../../http/text_headers.ts";
import type { ReadBuffer } from "../../transport/read_buffer.ts";
import { exchangeInit } from "../intake/exchange_init.ts";
import { refuseExpectation } from "../intake/expectation.ts";
import { NO_BODY, type RequestFraming, requestFraming } from "../intake/framing.ts";
import { localOptions, WHOLE_SERVER } from "../intake/local_options.ts";
import { isRefusal, type Refusal } from "../intake/refusal.ts";
import { BODY_TOO_LARGE, HEAD_TOO_LARGE, MALFORMED_HEAD } from "../intake/refusals.ts";
import type { ReaderLimits, RequestFacts } from "../intake/request_facts.ts";
import {
  BAD_HOST,
  BAD_TARGET,
  isTarget,
  MISSING_HOST,
  NO_TARGET,
  originTarget,
  rejectedTarget,
  type Target,
  TARGET_TOO_LONG,
  type TargetOptions,
} from "../intake/target.ts";
import { H1Exchange, type WireFacts } from "./h1_exchange.ts";
import { RequestFields } from "./request_fields.ts";
import { readRequestLine, type RequestLine } from "./request_line.ts";
import { wantedProtocols } from "./upgrade.ts";

const HOST = fieldNumber("host"), CONTENT_LENGTH = fieldNumber("content-length");
const TRANSFER_ENCODING = fieldNumber("transfer-encoding"), CONNECTION = fieldNumber("connection");
const UPGRADE = fieldNumber("upgrade"), EXPECT = fieldNumber("expect"), TE = fieldNumber("te");

/** The known names that only a proxy may say. */
const FORWARDED = fieldNumber("forwarded"),
  X_FORWARDED_FOR = fieldNumber("x-forwarded-for"),
  X_FORWARDED_HOST = fieldNumber("x-forwarded-host");
const X_FORWARDED_PROTO = fieldNumber("x-forwarded-proto");

/** Room for method and version beside the target in a request line that has no end yet. */
const LINE_EXTRA = 64;
const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/is;

/** Reads heads; everything that a request claims about itself is checked here, before any of it is used. */
export class RequestReader {
  readonly #facts: RequestFacts;
  readonly #limits: ReaderLimits;
  readonly #targets: TargetOptions;
  readonly #scheme: "http" | "https";
  readonly #scanner: HeadScanner;

  constructor(facts: RequestFacts, limits: ReaderLimits, targets: TargetOptions, scheme: "http" | "https") {
    this.#facts = facts;
    this.#limits = limits;
    this.#targets = targets;
    this.#scheme = scheme;
    this.#scanner = new HeadScanner(limits.headerCount);
  }

  /**
   * Reads the head at the start of what `buffer` has and takes it out. `null`: bytes are missing. A refusal: it is no head
   * at all, and nothing more can be read from the connection. Otherwise the exchange, whose `local` reply is set where the
   * request is answered without asking anybody.
   */
  read(buffer: ReadBuffer, peer: Client): H1Exchange | Refusal | null {
    const { headerBytes } = this.#limits, scanner = this.#scanner, { start, end } = buffer;
    const bodyStart = scanner.scan(buffer.bytes, start, end);
    if (bodyStart === INCOMPLETE) return this.#incomplete(buffer);
    if (bodyStart === TOO_MANY_LINES) return HEAD_TOO_LARGE;
    if (bodyStart < 0) return MALFORMED_HEAD;
    if (bodyStart - start > headerBytes) return HEAD_TOO_LARGE;
    const text = decodeLatin1(buffer.text, start, bodyStart);
    const line = readRequestLine(text, scanner.startLineEnd);
    if (isRefusal(line)) return line;
    buffer.start = bodyStart;
    return this.#judge(line, text, peer);
  }

  /** An exchange for what is no request, so that the log has a line for it. */
  blank(peer: Client, refusal: Refusal): H1Exchange {
    const exchange = this.#exchange("", NO_TARGET, HeaderList.of(), peer, {
      framing: NO_BODY,
      persistent: false,
      http11: true,
    });
    return exchange.refuse(refusal);
  }

  /** The head's end is not here. The scanner has seen every byte, so what is here is a valid beginning. */
  #incomplete({ text, start, length }: ReadBuffer): Refusal | null {
    const { target, headerBytes } = this.#limits, lineEnd = this.#scanner.startLineEnd;
    if (lineEnd === 0) {
      if (length > target + LINE_EXTRA) return TARGET_TOO_LONG;
    } else {
      // Whoever sends a line and no more, as HTTP/0.9 did, waits for an answer already.
      const line = readRequestLine(decodeLatin1(text, start, start + lineEnd), lineEnd);
      if (isRefusal(line)) return line;
    }
    return length >= headerBytes ? HEAD_TOO_LARGE : null;
  }

  #judge(line: RequestLine, text: string, peer: Client): H1Exchange {
    const { method, http11 } = line, fields = this.#fields(text, peer), { length, lengths, coding } = fields;
    const framing = requestFraming({ length, repeated: lengths > 1, coding }, http11), framed = !isRefusal(framing);
    const headers = new HeaderList(this.#visible(text, fields.hidden));
    // Before any policy adds a field: a client must not be able to have those removed.
    const dropped = nominated(fields.connection);
    if (dropped !== null) { for (const name of dropped) headers.remove(name); }
    const target = this.#target(line, fields), hasBody = framed && (framing.chunked || framing.length > 0);
    const exchange = this.#exchange(method, isTarget(target) ? target : rejectedTarget(line.target), headers, peer, {
      framing: framed ? framing : NO_BODY,
      // Nobody knows where a message ends whose framing is not understood.
      persistent: framed && persists(fields.connection, http11),
      http11,
    });
    if (!http11) exchange.httpVersion = "1.0";
    else if (fields.hopWishes) {
      if (!hasBody) exchange.upgrade = wantedProtocols(fields.upgrade, fields.connection);
      exchange.expectsContinue = hasBody && fields.expect !== "";
      exchange.acceptsTrailers = acceptsTrailers(fields.te);
    }
    const refusal = (framed ? null : framing) ?? this.#facts.methods.refuse(method) ??
      (isTarget(target) ? null : target) ?? this.#refuseBody(exchange.framing, fields, http11);
    if (refusal !== null) return exchange.refuse(refusal);
    // An absolute target's authority stands in for Host (RFC 9112 §3.2.2), for whoever reads the field as well.
    if (exchange.authority !== fields.host) headers.set("host", exchange.authority);
    exchange.local = localOptions(exchange);
    return exchange;
  }

  #exchange(
    method: string,
    target: Target,
    headers: HeaderList,
    peer: Client,
    facts: WireFacts,
  ): H1Exchange {
    const scheme = this.#scheme;
    return new H1Exchange(exchangeInit({ method, target, scheme, headers }, peer, this.#facts), facts);
  }

  #refuseBody(framing: RequestFraming, { expect }: RequestFields, http11: boolean): Refusal | null {
    if (framing.length > this.#limits.body) return BODY_TOO_LARGE;
    return http11 ? refuseExpectation(expect) : null;
  }

  #target({ target, method, http11 }: RequestLine, { hosts, host }: RequestFields): Target | Refusal {
    if (hosts > 1) return BAD_HOST;
    if (hosts === 0 && http11) return MISSING_HOST;
    const options = this.#targets;
    if (target.charCodeAt(0) === 0x2f) {
      return hosts === 1 && host === "" ? BAD_HOST : originTarget(target, host, options);
    }
    if (hosts === 1 && options.authorities.parse(host) === null) return BAD_HOST;
    if (target === "*" && method === "OPTIONS") {
      return { authority: host, host: options.authorities.parse(host)?.host ?? "", path: WHOLE_SERVER, query: "" };
    }
    const absolute = ABSOLUTE.exec(target);
    if (absolute === null || absolute[1] === "") return BAD_TARGET;
    if (target.length > options.maxTarget) return TARGET_TOO_LONG;
    // Its authority wins over Host (RFC 9112 §3.2.2).
    const [, authority, rest] = absolute;
    // RFC 9112 §3.2.4: without a path it asks about the server, as `*` does.
    if (rest === "" && method === "OPTIONS") {
      const parsed = options.authorities.parse(authority);
      return parsed === null ? BAD_HOST : { authority, host: parsed.host, path: WHOLE_SERVER, query: "" };
    }
    return originTarget(rest.startsWith("/") ? rest : "/" + rest, authority, options);
  }

  #visible(text: string, hidden: readonly number[] | null): TextHeaders {
    if (hidden === null) return TextHeaders.scanned(text, this.#scanner);
    const { lines, count } = this.#scanner, visible: number[] = [];
    for (let at = 0; at < count * LINE_STRIDE; at += LINE_STRIDE) {
      if (!hidden.includes(at)) visible.push(lines[at], lines[at + 1], lines[at + 2], lines[at + 3]);
    }
    return new TextHeaders(text, visible);
  }

  /** One look at every line: what frames, what ends at this hop, and what only a proxy may say. */
  #fields(text: string, { trusted }: Client): RequestFields {
    const { lines, count } = this.#scanner, fields = new RequestFields(), end = count * LINE_STRIDE;
    for (let at = 0; at < end; at += LINE_STRIDE) {
      const number = lines[at + 3];
      // What only a proxy may say is not there when anybody else says it: neither upstream nor in keys.
      if (number === 0) {
        if (!trusted && isProxyOnly(nameAt(text, lines, at))) (fields.hidden ??= []).push(at);
        continue;
      }
      switch (number) {
        case FORWARDED:
        case X_FORWARDED_FOR:
        case X_FORWARDED_HOST:
        case X_FORWARDED_PROTO:
          if (!trusted) (fields.hidden ??= []).push(at);
          break;
        case HOST:
          fields.hosts++;
          fields.host = lineValue(text, lines, at);
          break;
        case CONTENT_LENGTH:
          fields.lengths++;
          fields.length = lineValue(text, lines, at);
          break;
        case TRANSFER_ENCODING:
          fields.coding = joined(fields.coding, lineValue(text, lines, at));
          break;
        case CONNECTION:
          fields.connection = joined(fields.connection || null, lineValue(text, lines, at));
          break;
        case UPGRADE:
          fields.upgrade = joined(fields.upgrade || null, lineValue(text, lines, at));
          break;
        case EXPECT:
          fields.expect = joined(fields.expect || null, lineValue(text, lines, at));
          break;
        case TE:
          fields.te = joined(fields.te || null, lineValue(text, lines, at));
          break;
      }
    }
    return fields;
  }
}

function joined(before: string | null, value: string): string {
  return before === null ? value : before + ", " + value;
}

function nameAt(text: string, lines: readonly number[], at: number): string {
  return text.slice(lines[at], lines[at + 1]).toLowerCase();
}
