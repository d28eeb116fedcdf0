/** Requests told apart by one of their fields. @module */

import type { Exchange } from "../../core/exchange.ts";
import { isFieldValue } from "../../core/header_list.ts";
import { isToken } from "../../http/token.ts";
import { fieldText } from "../shape/field_text.ts";

/** A field that a request has, with any value or with exactly one. */
export interface HeaderCondition {
  /** In lower case. */
  readonly header: string;
  /** `null`: any. */
  readonly value: string | null;
}

/** Reads `header:name` or `header:name=value`; `undefined` where the text is neither, or no field can have the value. */
export function parseHeaderCondition(text: string): HeaderCondition | undefined {
  const [, name, value] = /^header:([^=]*)(?:=(.+))?$/s.exec(text) ?? [];
  if (name === undefined || !isToken(name)) return undefined;
  if (value !== undefined && !isFieldValue(fieldText(value))) return undefined;
  return { header: name.toLowerCase(), value: value ?? null };
}

/** The text that {@link parseHeaderCondition} reads. */
export function formatHeaderCondition({ header, value }: HeaderCondition): string {
  return `header:${header}${value === null ? "" : `=${value}`}`;
}

/** Prepares the question whether a request fulfils the condition. A field that stands there twice has both values, joined. */
export function headerTest({ header, value }: HeaderCondition): (exchange: Exchange) => boolean {
  if (value === null) return ({ headers }) => headers.has(header);
  const text = fieldText(value);
  return ({ headers }) => headers.get(header) === text;
}
