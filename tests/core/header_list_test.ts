import { strict as assert } from "node:assert";
import { FieldSet } from "../../src/core/field_set.ts";
import { HeaderList, type HeaderSource } from "../../src/core/header_list.ts";

/** A source that counts how often its flat list was asked for. */
function source(fields: string[]): HeaderSource & { flats: number } {
  return {
    flats: 0,
    get(name) {
      const values = fields.filter((_, i) => i % 2 === 1 && fields[i - 1] === name);
      return values.length === 0 ? null : values.join(name === "cookie" ? "; " : ", ");
    },
    hasAny: (names) => fields.some((name, i) => i % 2 === 0 && names.has(name)),
    flat() {
      this.flats++;
      return [...fields];
    },
    text(drop) {
      let text = "";
      for (let i = 0; i < fields.length; i += 2) if (!drop.has(fields[i])) text += `${fields[i]}:${fields[i + 1]}\r\n`;
      return text;
    },
  };
}

const NOTHING = new FieldSet([]);

Deno.test("untouched fields are forwarded as the source has them", () => {
  const from = source(["a", "1", "b", "2"]), list = new HeaderList(from);
  list.set("C", "3");
  list.append("d", "4");
  assert.equal(list.text(new FieldSet(["b", "d"])), "a:1\r\nc: 3\r\n");
  assert.equal(from.flats, 0);
});

Deno.test("set() replaces every field of the name", () => {
  const list = new HeaderList(source(["x", "1", "y", "2", "x", "3"]));
  list.set("X", "4");
  assert.deepEqual(list.flat(), ["y", "2", "x", "4"]);
  list.set("x", "5");
  assert.equal(list.get("x"), "5");
});

Deno.test("append() keeps those that are there, in order and apart", () => {
  const list = new HeaderList(source(["set-cookie", "a=1"]));
  list.append("Set-Cookie", "b=2");
  assert.deepEqual(list.getAll("set-cookie"), ["a=1", "b=2"]);
  assert.equal(list.get("set-cookie"), "a=1, b=2");
});

Deno.test("remove() leaves no field of the name, in the source or added", () => {
  const list = new HeaderList(source(["x", "1", "y", "2"]));
  list.append("x", "3");
  list.remove("X");
  assert.equal(list.get("x"), null);
  assert.equal(list.text(NOTHING), "y: 2\r\n");
});

Deno.test("cookies are joined with a semicolon", () => {
  const list = new HeaderList(source(["cookie", "a=1"]));
  list.append("cookie", "b=2");
  assert.equal(list.get("cookie"), "a=1; b=2");
});

Deno.test("an empty value is there", () => {
  const list = HeaderList.of("x", "");
  assert.deepEqual([list.has("x"), list.get("x"), list.has("y")], [true, "", false]);
});

for (
  const [name, value] of [
    ["x", "a\r\nb: c"],
    ["x", "a\nb"],
    ["x", "a\0"],
    ["x", "a\x7f"],
    ["x", " a"],
    ["x", "a\t"],
    ["x", "\u0100"],
    ["a b", "1"],
    ["", "1"],
    ["a:", "1"],
    ["a\r\nb", "1"],
  ]
) {
  Deno.test(`set() and append() refuse ${JSON.stringify(name)}: ${JSON.stringify(value)}`, () => {
    const list = HeaderList.of();
    assert.throws(() => list.set(name, value), TypeError);
    assert.throws(() => list.append(name, value), TypeError);
    assert.deepEqual(list.flat(), []);
  });
}

for (const value of ["", "a", "a b\tc", "caf\xe9", "!~"]) {
  Deno.test(`set() takes ${JSON.stringify(value)}`, () => {
    const list = HeaderList.of();
    list.set("x", value);
    assert.equal(list.get("x"), value);
  });
}

Deno.test("hasAny() sees fields of the source and added ones, and leaves the source alone", () => {
  const from = source(["range", "bytes=0-1", "x-a", "1"]), names = new FieldSet(["range", "x-b"]);
  assert.equal(new HeaderList(from).hasAny(names), true);
  assert.equal(new HeaderList(from).hasAny(new FieldSet(["x-b", "pragma"])), false);
  assert.equal(HeaderList.of("x-b", "").hasAny(names), true);
  assert.equal(HeaderList.of().hasAny(names), false);
  assert.equal(from.flats, 0);
});
