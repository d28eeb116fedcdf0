/** A row: frames that a client sends behind its SETTINGS, and every frame that comes back. @module */

export interface Row {
  /** Of RFC 9113, unless it names another. */
  readonly section: string;
  readonly name: string;
  /** What is sent at once. */
  readonly send: readonly Uint8Array[];
  /** Whether preface and SETTINGS are for the row to send. */
  readonly raw?: true;
  /** What comes back, as `lineOf` writes it. */
  readonly expect: readonly string[];
  /** The access log. @default not looked at */
  readonly log?: readonly string[];
}

/** A row in short. */
export function row(section: string, name: string, send: readonly Uint8Array[], expect: readonly string[]): Row {
  return { section, name, send, expect };
}

/** What a GET for a text comes to. */
export function answered(stream: number): string[] {
  return [`HEADERS ${stream} 200`, `DATA ${stream} 5 END`];
}

export const PROTOCOL = 1, FLOW = 3, CLOSED = 5, SIZE = 6, REFUSED = 7, COMPRESSION = 9, CALM = 11;

/** The connection ends with this code. @param last the highest stream that was served */
export function goaway(code: number, last = 0): string {
  return `GOAWAY ${last} ${code}`;
}

export function rst(stream: number, code: number): string {
  return `RST ${stream} ${code}`;
}
