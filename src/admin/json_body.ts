/** Bodies of requests to the admin interface. @module */

import { problemAnswer } from "./answers.ts";

/** Bytes. */
const MOST = 64 * 1024;

/**
 * Reads JSON, or answers why not. Only what says that it is JSON is read: no form and no script of another site's page can
 * send that without asking first, and nobody here says yes.
 */
export async function jsonBody(request: Request): Promise<{ readonly value: unknown } | Response> {
  const [type] = (request.headers.get("content-type") ?? "").split(";");
  if (type.trim().toLowerCase() !== "application/json") {
    return problemAnswer(415, "unsupported_media_type", "Send JSON: content-type: application/json.");
  }
  try {
    const text = await textOf(request);
    if (text === null) return problemAnswer(413, "content_too_large", `Send no more than ${MOST} bytes.`);
    return { value: JSON.parse(text) };
  } catch {
    return problemAnswer(400, "bad_request", "The body is not JSON.");
  }
}

/** `null` for too much. @throws TypeError (rejects) where it is no UTF-8, or does not come whole */
async function textOf({ body }: Request): Promise<string | null> {
  if (body === null) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "", size = 0;
  for await (const bytes of body) {
    size += bytes.length;
    if (size > MOST) return null;
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}
