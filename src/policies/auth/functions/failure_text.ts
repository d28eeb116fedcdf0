/** What the log says of a function of the config's author that has failed. @module */

/**
 * The error's message without the credential that the function was given, be it as addresses have it: one may have been
 * asked. It never throws: anything can be thrown, also what is no text and cannot be made one.
 */
export function failureText(error: unknown, credential: string): string {
  try {
    const text = String(error instanceof Error ? error.message : error);
    return text.replaceAll(credential, "…").replaceAll(encodeURIComponent(credential), "…");
  } catch {
    return "it threw something that is no text";
  }
}
