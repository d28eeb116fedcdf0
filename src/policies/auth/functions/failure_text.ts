/** What the log says of a function of the config's author that has failed. @module */

import { thrownMessage } from "../../../core/thrown.ts";

/**
 * The error's message without the credential that the function was given, be it as addresses have it: one may have been
 * asked. It never throws: anything can be thrown, also what is no text and cannot be made one.
 */
export function failureText(error: unknown, credential: string): string {
  const text = thrownMessage(error).replaceAll(credential, "…");
  try {
    return text.replaceAll(encodeURIComponent(credential), "…");
  } catch {
    // It is no text that an address could have.
    return text;
  }
}
