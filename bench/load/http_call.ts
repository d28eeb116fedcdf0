/**
 * One HTTP/1.1 request with full control of its fields, which `fetch` does not give: Host, Connection, Keep-Alive.
 *
 * @module
 */
import { type Agent, request } from "node:http";

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  /** Every field line in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Most milliseconds to wait for an answer. */
const LIMIT = 5000;

/**
 * Sends a GET to 127.0.0.1:`port`.
 *
 * @throws {Error} when the connection fails or no answer comes within five seconds
 */
export function httpCall(
  agent: Agent,
  port: number,
  path: string,
  fields: readonly (readonly [name: string, value: string])[],
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const call = request({ agent, host: "127.0.0.1", port, path, headers: Object.fromEntries(fields) }, (response) => {
    let body = "";
    response.setEncoding("latin1");
    response.on("data", (text: string) => body += text);
    response.on("error", reject);
    response.on("end", () => {
      const headers = response.rawHeaders.flatMap((name, at, all) =>
        at % 2 === 0 ? [[name, all[at + 1] ?? ""] as const] : []
      );
      resolve({ status: response.statusCode ?? 0, headers, body });
    });
  });
  call.setTimeout(LIMIT, () => call.destroy(new Error(`no answer to GET ${path} within ${LIMIT / 1000} s`)));
  call.on("error", reject);
  call.end();
  return promise;
}
