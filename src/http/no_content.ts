/** Statuses whose answers have no content. @module */

/** Whether an answer with this status never has content (RFC 9110 §15.3.5, §15.3.6, §15.4.5). */
export function hasNoContent(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}
