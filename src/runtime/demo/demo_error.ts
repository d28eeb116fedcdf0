/** Why demo endpoints are not there. @module */

/** A demo endpoint that cannot be brought up; the message says which and what to do. */
export class DemoError extends Error {
  override readonly name = "DemoError";
}
