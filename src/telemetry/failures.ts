/** Which finished requests count as failed, for whoever tells of requests. @module */

/** The status of a request whose client left before there was an answer. */
const CLIENT_CLOSED = 499;
/** What a request has for its error whose client left. */
const CLIENT_LEFT = "client_closed_request";

/** Whether a request failed: by the gateway or a server behind it, or because it broke off. What was refused has not. */
export function hasFailed(error: string, status: number): boolean {
  return status >= 500 || status === CLIENT_CLOSED || (error !== "" && status < 400);
}

/** The same without those whose client left: whether something is wrong with the gateway, or with a server behind it. */
export function isServerError(error: string, status: number): boolean {
  return status >= 500 || (error !== "" && error !== CLIENT_LEFT && status < 400);
}
