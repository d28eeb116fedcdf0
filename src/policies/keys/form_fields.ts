/** Fields of a form that a request's body holds. @module */

import { MultipartParseError, MultipartParser } from "@remix-run/multipart-parser";

/** The form that a body is, told by its content type; `null` where it is none. */
export function formOf(contentType: string | null): FormReader | null {
  const [, type, parameters] = /^\s*([^;\s]+)\s*(?:;(.*))?$/s.exec(contentType ?? "") ?? [];
  switch (type?.toLowerCase()) {
    case "application/x-www-form-urlencoded":
      return new UrlEncodedForm();
    case "multipart/form-data": {
      const boundary = /(?:^|;)\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(parameters ?? "");
      return boundary === null ? null : new MultipartForm(boundary[1] ?? boundary[2]);
    }
    default:
      return null;
  }
}

/** Takes a form apart as its bytes come. */
export interface FormReader {
  /** The fields so far that are whole: of each name the first. */
  readonly fields: ReadonlyMap<string, string>;
  /** @returns whether more could make sense */
  write(bytes: Uint8Array): boolean;
  /** Nothing more comes. @param whole whether the form has ended */
  end(whole: boolean): void;
}

/** https://url.spec.whatwg.org/#urlencoded-parsing */
class UrlEncodedForm implements FormReader {
  readonly fields = new Map<string, string>();
  readonly #decoder = new TextDecoder();
  #text = "";

  write(bytes: Uint8Array): boolean {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    return true;
  }

  end(whole: boolean): void {
    // What stands behind the last & may go on.
    const text = whole ? this.#text : this.#text.slice(0, Math.max(0, this.#text.lastIndexOf("&")));
    for (const [name, value] of new URLSearchParams(text)) if (!this.fields.has(name)) this.fields.set(name, value);
  }
}

/** RFC 7578. Files are no fields. */
class MultipartForm implements FormReader {
  readonly fields = new Map<string, string>();
  readonly #parser: MultipartParser;

  constructor(boundary: string) {
    this.#parser = new MultipartParser(boundary);
  }

  write(bytes: Uint8Array): boolean {
    try {
      for (const part of this.#parser.write(bytes)) {
        const { name } = part;
        if (name !== undefined && !part.isFile && !this.fields.has(name)) this.fields.set(name, part.text);
      }
      return true;
    } catch (error) {
      if (error instanceof MultipartParseError) return false;
      throw error;
    }
  }

  end(): void {}
}
