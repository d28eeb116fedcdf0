import { strict as assert } from "node:assert";
import fc from "fast-check";
import { bytesOf, END, fieldsOf, file, MULTIPART, part, partWith } from "./form_bed.ts";

const USER = 'Content-Disposition: form-data; name="user"';
const fields = (body: string | Uint8Array) => fieldsOf(MULTIPART, body);

Deno.test("form: reads the fields of a form with files", async () => {
  const cases: [body: string, fields: Record<string, string>][] = [
    [part("user", "ann") + END, { user: "ann" }],
    [part("a", "") + part("user", "a\r\nb\n--c") + END, { a: "", user: "a\r\nb\n--c" }],
    [`\r\n${part("user", "ann")}${END}`, { user: "ann" }],
    [part("user", "ann") + "--b--", { user: "ann" }],
    [part("user", "ann") + "--b-- \r\n\r\n", { user: "ann" }],
    [part("user", "ann").replace("--b", "--b \t") + END, { user: "ann" }],
    [file("f", "text") + part("user", "ann") + END, { user: "ann" }],
    [partWith(["CONTENT-DISPOSITION:Form-Data ;NAME=user", "X: y"], "ann") + END, { user: "ann" }],
    [part("ü", "é") + END, { ü: "é" }],
    [partWith([USER, "content-type: text/plain; charset=UTF-8"], "é") + END, { user: "é" }],
    [partWith([USER, "content-type: application/octet-stream"], "ann") + END, { user: "ann" }],
    [partWith([USER, "content-transfer-encoding: 8bit"], "ann") + END, { user: "ann" }],
    [part("__proto__", "1") + END, { ["__proto__"]: "1" }],
  ];
  for (const [body, known] of cases) assert.deepEqual(await fields(body), known, body);
});

Deno.test("form: agrees with the platform on every form with files that it makes", async () => {
  const names = fc.stringMatching(/^[a-z]{1,4}$/), text = fc.string({ unit: "binary", maxLength: 10 });
  const parts = fc.uniqueArray(fc.tuple(names, text, fc.boolean()), {
    selector: ([name]) => name,
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(parts, async (parts) => {
      const form = new FormData(), expected: [string, string][] = [];
      for (const [name, value, isFile] of parts) {
        form.append(name, isFile ? new File([value], `${name}.bin`) : value);
        // What is not well-formed, or has line ends of another kind, is sent as something else.
        const sent = value.toWellFormed().replace(/\r\n|\r|\n/g, "\r\n");
        if (!isFile && !sent.startsWith("\ufeff")) expected.push([name, sent]);
      }
      const request = new Response(form), type = request.headers.get("content-type")!;
      assert.deepEqual(await fieldsOf(type, await request.bytes()), Object.fromEntries(expected));
    }),
    { numRuns: 40 },
  );
});

Deno.test("form: takes U+FFFD for what is not UTF-8 in a part's head or content", async () => {
  const head = bytesOf('--b\r\ncontent-disposition: form-data; name="', [0xff], '"\r\n\r\n');
  const body = bytesOf([...head], [0x61, 0xfe], "\r\n", part("user", "ann"), END);
  assert.deepEqual(await fields(body), { "\ufffd": "a\ufffd", user: "ann" });
});

Deno.test("form: does not know a field that stands twice, in whatever kind of part", async () => {
  const other = part("other", "1");
  const twins = [
    part("user", "victim"),
    part("USER", "victim"),
    file("user", "victim"),
    part('user"; filename*="x', "victim"),
    partWith([USER, "content-type: application/octet-stream"], "victim"),
    partWith([USER, "content-transfer-encoding: base64"], "dmljdGlt"),
    partWith(["content-disposition: form-data; name=user"], "victim"),
  ];
  for (const twin of twins) {
    for (const body of [part("user", "rnd") + twin, twin + part("user", "rnd")]) {
      assert.deepEqual(await fields(body + other + END), { other: "1" }, twin);
    }
  }
});

Deno.test("form: does not know content that can be read in two ways, and does know the others", async () => {
  const heads = [
    "content-transfer-encoding: base64",
    "content-transfer-encoding: quoted-printable",
    "content-type: text/plain; charset=utf-16",
    "content-type: text/plain; charset=",
    "content-type: multipart/mixed; boundary=c",
    "content-type: message/rfc822",
  ];
  for (const head of heads) {
    assert.deepEqual(await fields(partWith([USER, head], "ann") + part("a", "1") + END), { a: "1" }, head);
  }
  assert.deepEqual(await fields(part("user", "\ufeffann") + part("a", "1") + END), { a: "1" }, "a byte order mark");
});

Deno.test("form: knows no field of a form whose parts servers may cut differently", async () => {
  const user = part("user", "rnd"), decoy = part("user", "decoy");
  const forms = [
    "",
    "nonsense",
    "--b",
    END,
    user,
    `${user}--b`,
    `${user}--b\r\nnonsense`,
    `preamble\r\n${user}${END}`,
    `\n${user}${END}`,
    `${user}${END}${decoy}${END}`,
    `${user}--b --\r\n`,
    `${user}--b-\r\n`,
    `${user}--b--x\r\n`,
    `${part("a", "x\r\n--bZZ")}${user}${END}`,
    `${part("a", "x\n--b\n" + USER + "\n\nvictim")}${user}${END}`,
    `${part("a", "x\r--b\r" + USER + "\r\rvictim")}${user}${END}`,
    `${part("a", "x--b")}${user}${END}`,
    part("a", `x--b\r\n${USER}\r\n\r\nvictim`) + END,
    part("a", `x\n--b\r\n${USER}\r\n\r\nvictim`) + END,
    `xxx\r\n${USER}\r\n\r\nvictim\r\n${END}`,
    `${part("a", "x\r\n--b x")}${user}${END}`,
    `${user}--b\n${USER}\r\n\r\nvictim\r\n${END}`,
    `${user}--b\r\n\r\nvictim\r\n${END}`,
    `${user}--b\r\n${USER}\r\n${END}`,
    `${user}--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n${END}`,
    `${user}--b\r\n${END}`,
  ];
  for (const form of forms) assert.deepEqual(await fields(form), {}, form);
});

Deno.test("form: knows no field of a form with a part whose head servers may read differently", async () => {
  const heads = [
    ['content-disposition: attachment; name="user"'],
    ["content-disposition: form-data"],
    ['content-disposition: form-data; filename="f"'],
    ["content-type: text/plain"],
    ['content-disposition: form-data; name="a"; name="user"'],
    ["content-disposition: form-data; name=\"a\"; name*=utf-8''user"],
    ["content-disposition: form-data; name*0=us; name*1=er"],
    ['content-disposition: form-data; name="a', 'b"'],
    ['content-disposition: form-data; name="a"b'],
    ['content-disposition: form-data; name="a\\"; name="user"'],
    ['content-disposition: form-data; name="us\\er"'],
    ['content-disposition: form-data; name="us%65r"'],
    ['content-disposition: form-data; name="a"; filename="; name=user"'],
    ['content-disposition: form-data; name="a"; filename="x\\"y"'],
    ['content-disposition: form-data; x="; name=user; "; name="a"'],
    ['content-disposition: form-data, name="user"'],
    ['content-disposition: form-data; name="a"', USER],
    ['content-disposition : form-data; name="a"'],
    ["content-disposition: form-data;", ' name="user"'],
    [USER, " folded"],
    [USER, "\tfolded"],
    [USER, "no colon"],
    [USER, ": no name"],
    [USER, "x: a\nb: c"],
    [USER, "x: a\rb: c"],
    [USER, "x: a\0"],
    [USER, "content-type: text/plain", "Content-Type: text/html"],
    [`\ufeff${USER}`],
    [USER, `x: ${"x".repeat(8200)}`],
  ];
  for (const head of heads) {
    const body = part("z", "1") + partWith(head, "victim") + END;
    assert.deepEqual(await fields(body), {}, head.join(" | ").slice(0, 100));
  }
  const long = partWith([USER, `x: ${"x".repeat(8000)}`], "ann") + END;
  assert.deepEqual(await fields(long), { user: "ann" }, "8 KiB are enough");
});

Deno.test("form: with more than 1000 parts has no field", async () => {
  assert.equal((await fields(part("user", "ann") + part("a", "").repeat(999) + END)).user, "ann");
  assert.deepEqual(await fields(part("user", "ann") + part("a", "").repeat(1000) + END), {});
});
