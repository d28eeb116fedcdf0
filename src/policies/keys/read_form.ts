/** As much of a request's body as a key in it needs. @module */

import { isBodySource } from "../../core/body.ts";
import type { BuildEnv } from "../../core/build_env.ts";
import type { Exchange } from "../../core/exchange.ts";
import { FORM_FIELDS } from "../../core/key.ts";
import { type BodyPrefix, readPrefix } from "./body_prefix.ts";
import { FormFields } from "./form_fields.ts";
import { type FormType, formType } from "./form_type.ts";
import { readMultipart } from "./multipart_form.ts";
import { RejoinedBody } from "./rejoined_body.ts";
import { readUrlEncoded } from "./urlencoded_form.ts";

/** Bytes of a body in which fields are looked for: they stand in front of files. */
export const FORM_BYTES = 64 * 1024;

const encoder = new TextEncoder();

/**
 * Makes the fields of the form in the request's body known to keys (`form:name`), and puts the body together again, so
 * that it goes on whole. Bodies that are no forms, or encoded, have no fields.
 *
 * A field is known that stands whole in the first 64 KiB, once and in one way ({@link FormFields}), and whose name is not
 * in the query too, which Java and Rails put together with the form. So all forms are read to their end or to 64 KiB
 * before they go on: the first 64 KiB of an upload are waited for, whatever follows them goes by. A second field of the
 * same name behind them is not looked for in an upload; of an urlencoded form that is longer nothing is known.
 *
 * Whoever calls it first does it for all: every field is made known, not only those that the caller has a use for.
 *
 * @throws BodyError when the body breaks off within the part that is read, or nothing of it comes for 10 s
 */
export async function readForm(
  exchange: Exchange,
  { deadlines }: Pick<BuildEnv, "deadlines">,
): Promise<void> {
  if (exchange.get(FORM_FIELDS) !== undefined) return;
  const { body, headers } = exchange, fields = new FormFields();
  const type = body === null || headers.has("content-encoding") ? null : formType(headers.get("content-type"));
  if (type !== null && isBodySource(body)) {
    const prefix = await readPrefix(body, FORM_BYTES, deadlines);
    exchange.body = new RejoinedBody(prefix.bytes, body);
    readFields(type, prefix, exchange.query, fields);
  } else if (type !== null) {
    const bytes = body as Uint8Array, whole = bytes.length <= FORM_BYTES;
    readFields(type, { bytes: bytes.subarray(0, FORM_BYTES), whole }, exchange.query, fields);
  }
  exchange.set(FORM_FIELDS, fields.known);
}

function readFields(type: FormType, { bytes, whole }: BodyPrefix, query: string, fields: FormFields): void {
  if (query !== "") readUrlEncoded(encoder.encode(query.slice(1)), true, "utf-8", fields);
  fields.dropValues();
  if (type.kind === "multipart") readMultipart(bytes, whole, type, fields);
  // No file stands in such a form: what is behind is there to be read by somebody else.
  else if (!whole) fields.giveUp();
  else readUrlEncoded(bytes, whole, type.charset, fields);
}
