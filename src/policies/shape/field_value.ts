/** A field value that is filled in for each exchange. @module */

import type { Exchange } from "../../core/exchange.ts";
import { isFieldValue } from "../../core/header_list.ts";
import type { KeyReader } from "../../core/key.ts";
import { templateOf } from "../../core/template.ts";
import { withoutBlanks } from "../../http/without_blanks.ts";
import { fieldText } from "./field_text.ts";

/** The value for an exchange, or `null` when it has a character that no field value may have: CR, LF or another control. */
export type FieldValue = (exchange: Exchange) => string | null;

/**
 * Prepares a value: a text when the template names no key, else the function that fills it in. Text is sent as UTF-8, the
 * values of `header:` and `cookie:` keys byte for byte. An absent key counts as empty.
 *
 * @param template a text that `parseTemplate` accepts, without control characters
 */
export function fieldValue(template: string): string | FieldValue {
  const { literals, keys, readers } = templateOf(template);
  const texts = literals.map(fieldText);
  if (keys.length === 0) return texts[0];
  const reads = readers.map((reader, i) => /^(?:header|cookie):/.test(keys[i]) ? reader : asText(reader));
  return (exchange) => {
    let value = texts[0];
    for (let i = 0; i < reads.length; i++) value += (reads[i](exchange) ?? "") + texts[i + 1];
    if (isFieldValue(value)) return value;
    // Blanks at the ends are no part of a value (RFC 9110 §5.5).
    const trimmed = withoutBlanks(value);
    return isFieldValue(trimmed) ? trimmed : null;
  };
}

function asText(reader: KeyReader): KeyReader {
  return (exchange) => {
    const value = reader(exchange);
    return value === undefined ? undefined : fieldText(value);
  };
}
