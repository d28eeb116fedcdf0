/** Which requests have become something else. @module */

import type { RequestCompleted } from "../../core/events.ts";

/** Whether it became a WebSocket or another tunnel: it was open for as long as both sides liked, which is no measure of speed. */
export function isTunnel({ status, method }: Pick<RequestCompleted, "status" | "method">): boolean {
  return status === 101 || (method === "CONNECT" && status < 300);
}
