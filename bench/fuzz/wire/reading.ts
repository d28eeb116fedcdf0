/** How a server read a request. @module */

/** One request as a server understood it. */
export interface Reading {
  /** Its place among all requests of this server. */
  readonly number: number;
  readonly method: string;
  readonly target: string;
  /** `[name, value, …]`, names in lower case. */
  readonly fields: readonly string[];
  /** One character a byte. */
  readonly body: string;
  /** Fields behind the body, as in {@link fields}. */
  readonly trailers: readonly string[];
}

/** The field of an answer in which a server tells how it read the request. */
export const READING_FIELD = "x-reading";

/** The reading as the value of a field. */
export function encodeReading(reading: Reading): string {
  return encodeURIComponent(JSON.stringify(reading));
}

/** The reading in a field's value. */
export function decodeReading(value: string): Reading {
  return JSON.parse(decodeURIComponent(value));
}

/** The value of a field of a reading, the first where there are several, `null` where there is none. */
export function fieldOf({ fields }: Reading, name: string): string | null {
  const at = fields.findIndex((field, at) => at % 2 === 0 && field === name);
  return at < 0 ? null : fields[at + 1];
}
