/** One case of the wire's conformance table: what is sent, and what each side must see. @module */

import type { Gateway } from "../../src/config/types/gateway.ts";
import type { OriginRequest } from "../support/scripted_origin.ts";
import type { TestListener } from "../support/test_gateway.ts";
import type { Gap } from "./gaps.ts";
import type { Stage } from "./stage.ts";

/** What terminates HTTP in the gateway. */
export type EngineName = "h1" | "serve";

/** What a field must be: absent; these values joined with `", "`; like this; or exactly these lines in order. */
export type FieldMatch = null | string | RegExp | readonly string[];

/** What a field of each name must be. */
export type Fields = Readonly<Record<string, FieldMatch>>;

/** One answer as the client must see it; what is not named is not looked at. Text is one character a byte. */
export interface Answer {
  /** The final status, or one of several that the RFC allows. */
  readonly status: number | readonly number[];
  /** It may be missing if the connection ends instead. @default false */
  readonly optional?: boolean;
  readonly body?: string | RegExp;
  readonly fields?: Fields;
  /** The interim answers before it (RFC 9110 §15.2); `any` where they may come or not. @default [] */
  readonly interim?: readonly number[] | "any";
  readonly framing?: "none" | "length" | "chunked" | "close";
  readonly trailers?: Fields;
  /** The body must break off: neither its whole length nor a last chunk nor, where closing ends it, a FIN. @default false */
  readonly cut?: boolean;
}

/** One request as the origin must see it; what is not named is not looked at. */
export interface Seen {
  /** The exact request line. */
  readonly line?: string;
  readonly fields?: Fields;
  /** Text that stands in the head, byte for byte. */
  readonly contains?: readonly string[];
  readonly framing?: "none" | "length" | "chunked";
  readonly body?: string;
  readonly trailers?: Fields;
  /** The body must never come to an end. @default false: it must be whole */
  readonly broken?: boolean;
}

/** What becomes of the client's connection and of the origin. */
interface Around {
  /**
   * `kept`: a second request on it is answered. `closed`: the peer ends it with a FIN and not a byte more. `reset`: the
   * same with an RST. `ended`: with either. `either`: the RFC leaves the choice, but nothing may come beside the answers.
   * `unchecked`: the client's script saw to it, or it stays open and mute.
   */
  readonly after: "kept" | "closed" | "reset" | "ended" | "either" | "unchecked";
  /**
   * The requests that reach the origin, in order and not a byte more; `nothing whole`: none, or one whose body never
   * comes to its end; `unchecked`: the case says nothing of them.
   *
   * @default exactly one, not looked at
   */
  readonly origin?: "nothing" | "nothing whole" | "unchecked" | Seen | readonly Seen[];
  /** Text that stands in what the client received, byte for byte. */
  readonly contains?: readonly string[];
  /** Text that must not. */
  readonly lacks?: readonly string[];
}

/** What must come of a case. Without an answer, `answers` is empty. */
export type Expected = (Answer & Around) | ({ readonly answers: readonly Answer[] } & Around);

/** Plays the client's part of a case by hand; what it does not take is read and checked by the runner afterwards. */
export type ClientScript = (stage: Stage) => Promise<void>;

/** Plays the origin's part: it answers one request. */
export type OriginPlay = (request: OriginRequest, stage: Stage) => void | Promise<void>;

/** A case. */
export interface Row {
  readonly name: string;
  /** Where it is written: `9112 §6.3` is RFC 9112; or another document's section. */
  readonly rfc: string;
  /** What the client sends: in one write, in a write for each piece, or by hand. */
  readonly send: string | readonly string[] | ClientScript;
  /** The methods of the requests, where the first line does not say it: without them an answer cannot be read. */
  readonly methods?: readonly string[];
  /** What the origin answers when it has read the request: always, or for each request in turn. @default 200 "ok" */
  readonly origin?: string | readonly string[] | OriginPlay;
  readonly expect: Expected;
  /**
   * What must come of it on the `serve` engine, where the runtime leaves no choice; `refused config`: `check` says that the
   * setting is not for this engine; `null`: it cannot be asked of it.
   */
  readonly serve?: { readonly why: Gap; readonly expect: Expected | "refused config" | null };
  /** A config of its own, for an origin at `url`. @default everything goes to the origin */
  readonly config?: (url: string) => Gateway;
  /** Settings of the listener. */
  readonly listen?: Omit<TestListener, "engine">;
}
