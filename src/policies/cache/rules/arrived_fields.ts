/** The fields that the rules look at. @module */

import { listMembers } from "../selection/list_members.ts";
import { parseDeltaSeconds } from "./delta_seconds.ts";

/** Of each, the combined value or the first line; `null`: it is not there. */
export interface ArrivedFields {
  readonly cacheControl: string | null;
  /** Whether there is `Pragma: no-cache`, which has no meaning in an answer, and is meant to be one all the same. */
  readonly pragma: boolean;
  /** No date where several lines differ (RFC 9111 §4.2.1). */
  readonly expires: string | null;
  readonly date: string | null;
  readonly lastModified: string | null;
  readonly hasContentLocation: boolean;
  /** How long it has been in other caches, in milliseconds; 0 where it cannot be read (RFC 9111 §5.1). */
  readonly age: number;
}

type Draft = { -readonly [Name in keyof ArrivedFields]: ArrivedFields[Name] };

const CONFLICT = "";

/** @param fields `[name, value, …]`, names in lower case */
export function arrivedFields(fields: readonly string[]): ArrivedFields {
  const draft: Draft = {
    cacheControl: null,
    pragma: false,
    expires: null,
    date: null,
    lastModified: null,
    hasContentLocation: false,
    age: 0,
  };
  let hasAge = false;
  for (let i = 0; i < fields.length; i += 2) {
    const value = fields[i + 1];
    switch (fields[i]) {
      case "cache-control":
        draft.cacheControl = draft.cacheControl === null ? value : draft.cacheControl + ", " + value;
        break;
      case "pragma":
        if (/(?:^|[, \t])no-cache(?:$|[, \t])/i.test(value)) draft.pragma = true;
        break;
      case "expires":
        draft.expires = draft.expires === null || draft.expires === value ? value : CONFLICT;
        break;
      case "date":
        draft.date ??= value;
        break;
      case "last-modified":
        draft.lastModified ??= value;
        break;
      case "content-location":
        draft.hasContentLocation = true;
        break;
      case "age":
        if (!hasAge) draft.age = parseDeltaSeconds(firstMember(value)) ?? 0;
        hasAge = true;
        break;
    }
  }
  return draft;
}

/** The first member of what should not be a list (RFC 9111 §5.1); empty members are none (RFC 9110 §5.6.1). */
function firstMember(value: string): string {
  return listMembers(value).find((member) => member !== "") ?? "";
}
