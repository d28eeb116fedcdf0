/** Why a WebSocket was closed (RFC 6455 §7.4). @module */

/** The server goes down, or the page was left. */
export const GOING_AWAY = 1001;
/** The peer broke the protocol. */
export const PROTOCOL_ERROR = 1002;
/** A Close frame without a code. It is never sent as one. */
export const NO_STATUS = 1005;
/** Text that is not UTF-8. */
export const INVALID_DATA = 1007;
/** A message above the limit. */
export const TOO_BIG = 1009;

/**
 * Whether a Close frame may carry the code: those registered with IANA (1004–1006 and 1015 are for use within an API
 * only), those of libraries (3000–3999) and of applications (4000–4999).
 */
export function isSendable(code: number): boolean {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}
