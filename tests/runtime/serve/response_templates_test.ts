import { strict as assert } from "node:assert";
import type { FieldSet } from "../../../src/core/field_set.ts";
import { HeaderList, type HeaderSource } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { toResponse } from "../../../src/runtime/serve/response.ts";
import { ResponseTemplates } from "../../../src/runtime/serve/response_templates.ts";

/** Fields that many replies share, and how often they were asked for. */
class Shared implements HeaderSource {
  flats = 0;
  constructor(readonly fields: string[], readonly shared = true) {}
  get(name: string): string | null {
    const at = this.fields.findIndex((field, i) => i % 2 === 0 && field === name);
    return at < 0 ? null : this.fields[at + 1];
  }
  hasAny(names: FieldSet): boolean {
    return this.fields.some((field, i) => i % 2 === 0 && names.has(field));
  }
  flat(): string[] {
    this.flats++;
    return [...this.fields];
  }
  text(): string {
    return "";
  }
}

const extras = (requestId: string, close = false) => ({ requestIdField: "x-request-id", requestId, close });
const shown = async (response: Response) => [response.status, [...response.headers], await response.text()];
const FIELDS = [
  "content-type",
  "text/plain",
  "set-cookie",
  "a=1",
  "set-cookie",
  "b=2",
  "connection",
  "close",
  "x-a",
  "1",
];
const BODY = new TextEncoder().encode("kept");

Deno.test("a copy of a template is what would have been made, with the request's own fields", async () => {
  const templates = new ResponseTemplates(), source = new Shared(FIELDS);
  for (const [id, close] of [["one", false], ["two", true], ["three", false]] as const) {
    const copy = templates.of(new Reply(200, new HeaderList(source), BODY), BODY, "GET", extras(id, close));
    const made = toResponse(new Reply(200, HeaderList.of(...FIELDS), BODY), BODY, "GET", extras(id, close));
    assert.deepEqual(await shown(copy!), await shown(made));
  }
  assert.equal(source.flats, 1);
});

Deno.test("another status or body is another template", async () => {
  const templates = new ResponseTemplates(), source = new Shared(FIELDS), other = new TextEncoder().encode("other");
  const of = (status: number, body: Uint8Array) =>
    templates.of(new Reply(status, new HeaderList(source), body), body, "GET", extras("id"))!;
  const seen = [of(200, BODY), of(404, BODY), of(404, other), of(200, BODY)];
  assert.deepEqual(await Promise.all(seen.map(async (response) => [response.status, await response.text()])), [
    [200, "kept"],
    [404, "kept"],
    [404, "other"],
    [200, "kept"],
  ]);
});

Deno.test("fields that a policy has changed, and fields that are not shared, have no template", () => {
  const templates = new ResponseTemplates(), changed = new HeaderList(new Shared(FIELDS));
  changed.append("x-own", "1");
  for (const headers of [changed, new HeaderList(new Shared(FIELDS, false)), HeaderList.of(...FIELDS)]) {
    assert.equal(templates.of(new Reply(200, headers, BODY), BODY, "GET", extras("id")), null);
  }
});
