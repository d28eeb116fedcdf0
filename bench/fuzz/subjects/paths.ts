/** What decides where a request goes: Host, path and Connection, as the functions that judge them alone. @module */

import { parseAuthority } from "../../../src/http/authority.ts";
import { canonicalPath, isPathError, type PathOptions } from "../../../src/http/canonical_path.ts";
import { nominated } from "../../../src/http/hop_by_hop.ts";
import { generateRequest } from "../generate/request.ts";
import { readHead } from "../models/head_model.ts";
import type { Subject } from "../subject.ts";

const MAX_LINES = 100;
/** Everything that may stand in an authority that was understood. */
const HOST = /^(?:[a-z0-9_~-]+(?:\.[a-z0-9_~-]+)*|\[[0-9a-f:.]+\])$/;
/** A canonical path: no raw byte that may not stand in one, no dot segment, no escape that says nothing. */
const PATH = /^(?:\/(?!\.\.?(?:\/|$))(?:[!"$&-.0->@-[\]-~]|%[0-9A-F]{2})*)+$/;

/** {@link parseAuthority}, {@link canonicalPath}, {@link nominated}. */
export const paths: Subject = {
  id: "paths",
  generate: generateRequest,
  check({ text }, random) {
    const { startLine, fields } = readHead(text, MAX_LINES);
    const options: PathOptions = { encodedSlash: random.oneIn(2) ? "keep" : "reject", mergeSlashes: random.oneIn(2) };
    for (const word of startLine.split(" ")) {
      const wrong = wrongPath(word.split("?", 1)[0], options);
      if (wrong !== null) return wrong;
    }
    for (let at = 0; at < fields.length; at += 2) {
      const value = fields[at + 1], wrong = wrongAuthority(value);
      if (wrong !== null) return wrong;
      if (nominated(value)?.some((name) => name === "host" || name.startsWith("content-"))) {
        return `${JSON.stringify(value)} takes away a field that must stay`;
      }
    }
    return null;
  },
};

function wrongPath(raw: string, options: PathOptions): string | null {
  const path = canonicalPath(raw, options);
  if (isPathError(path)) return null;
  if (!PATH.test(path) || path.length > raw.length) return `the canonical path of ${raw} is ${path}`;
  const again = canonicalPath(path, options);
  return again === path ? null : `the canonical path of ${path} is ${JSON.stringify(again)}`;
}

function wrongAuthority(text: string): string | null {
  const read = parseAuthority(text);
  if (read === null) return null;
  const { host, port } = read;
  if (!HOST.test(host) || (port !== null && !(port >= 0 && port < 65536))) return `${text} is read as ${host}, ${port}`;
  const again = parseAuthority(port === null ? host : `${host}:${port}`);
  return again?.host === host && again.port === port ? null : `${host} is read as ${again?.host}, ${again?.port}`;
}
