/** Sending to a proxy that may leave at any moment. @module */

import { Buffer } from "node:buffer";
import type { OriginConnection } from "../support/scripted_origin.ts";

/** Sends bytes, one character each. That the proxy has gone is its right, not a failure of the endpoint. */
export async function sendTo(connection: OriginConnection, text: string): Promise<void> {
  try {
    await connection.send(new Uint8Array(Buffer.from(text, "latin1")));
  } catch {
    // A write may fail before the connection is known to have ended.
    await connection.gone();
  }
}
