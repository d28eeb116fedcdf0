/** What kind of form a body is. @module */

import { charsetOf, type FieldCharset } from "./field_text.ts";
import { readParametrised } from "./parameters.ts";

/** A form by its content type. */
export type FormType =
  | { readonly kind: "urlencoded"; readonly charset: FieldCharset }
  | { readonly kind: "multipart"; readonly charset: FieldCharset; readonly boundary: string };

/** RFC 2046 §5.1.1 */
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;

/** The form that a content type tells; `null` where it is none, or where readers may differ about its boundary. */
export function formType(contentType: string | null): FormType | null {
  const type = readParametrised(contentType ?? "", ["boundary", "charset"]);
  if (type === null) return null;
  const charset = charsetOf(type.parameters.get("charset")), boundary = type.parameters.get("boundary");
  if (charset === null) return null;
  switch (type.value) {
    case "application/x-www-form-urlencoded":
      return { kind: "urlencoded", charset };
    case "multipart/form-data":
      return boundary === undefined || !BOUNDARY.test(boundary) ? null : { kind: "multipart", charset, boundary };
    default:
      return null;
  }
}
