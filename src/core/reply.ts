/** The answer to an exchange. @module */

import type { Body } from "./body.ts";
import type { ByteStream } from "./byte_stream.ts";
import { HeaderList } from "./header_list.ts";

/** Status, fields and body on their way to the client. A policy may change it until the engine sends it. */
export class Reply {
  /** With status 101: the endpoint's side of the connection that now speaks another protocol. Whoever drops the reply closes it. */
  tunnel: ByteStream | null = null;

  constructor(
    /** 200–599. */
    public status: number,
    readonly headers: HeaderList,
    /** `null` for none. Framing fields are the engine's: `content-length` here would be overruled by what the body says. */
    public body: Body,
  ) {}

  /** A reply of text. `contentType` defaults to plain text in UTF-8. */
  static text(status: number, text: string, contentType = "text/plain; charset=utf-8"): Reply {
    return new Reply(status, HeaderList.of("content-type", contentType), new TextEncoder().encode(text));
  }

  /** The combined value of a field, or `null`. */
  header(name: string): string | null {
    return this.headers.get(name.toLowerCase());
  }

  /** Puts one field in place of all of this name. @throws TypeError on CR, LF and what else no field may hold. */
  setHeader(name: string, value: string): void {
    this.headers.set(name, value);
  }

  /** Adds a field beside those of this name: for `set-cookie`. @throws TypeError as {@link Reply.setHeader}. */
  appendHeader(name: string, value: string): void {
    this.headers.append(name, value);
  }

  /** Removes every field of this name. */
  removeHeader(name: string): void {
    this.headers.remove(name);
  }
}
