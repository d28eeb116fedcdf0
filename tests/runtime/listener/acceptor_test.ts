import { strict as assert } from "node:assert";
import { logTo } from "../../../src/core/log.ts";
import { Acceptor } from "../../../src/runtime/listener/acceptor.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { settled } from "../h1/memory_stream.ts";

class Conn {
  closed = 0;
  close(): void {
    this.closed++;
  }
}

/** A listener whose accepts are settled by hand. */
class HeldListener {
  accepts = 0;
  closed = 0;
  #pending = Promise.withResolvers<Conn>();

  accept(): Promise<Conn> {
    this.accepts++;
    this.#pending = Promise.withResolvers();
    return this.#pending.promise;
  }

  close(): void {
    this.closed++;
    this.#pending.reject(new Deno.errors.BadResource("Listener has been closed"));
  }

  async give(conn: Conn): Promise<void> {
    this.#pending.resolve(conn);
    await settled();
  }

  async fail(error: unknown = new Error("Too many open files (os error 24)")): Promise<void> {
    this.#pending.reject(error);
    await settled();
  }
}

function start() {
  const listener = new HeldListener(), clock = new FakeClock(), taken: Conn[] = [], logged: unknown[] = [];
  const log = logTo((level, message, fields) => logged.push([level, message, fields]));
  const acceptor = new Acceptor(listener, (conn: Conn) => taken.push(conn), clock, log);
  return { listener, clock, taken, logged, acceptor };
}

Deno.test("Acceptor hands on one connection after another", async () => {
  const { listener, taken, acceptor, logged } = start(), conns = [new Conn(), new Conn(), new Conn()];
  for (const conn of conns) await listener.give(conn);
  assert.deepEqual([taken, listener.accepts, acceptor.listening, logged], [conns, 4, true, []]);
});

Deno.test("Acceptor closes a connection that cannot be taken, and goes on without a word", async () => {
  const listener = new HeldListener(), clock = new FakeClock(), taken: Conn[] = [], logged: unknown[] = [];
  const gone = new Conn(), next = new Conn();
  const take = (conn: Conn) => {
    if (conn === gone) throw new Deno.errors.ConnectionReset("it ended already");
    taken.push(conn);
  };
  const acceptor = new Acceptor(listener, take, clock, logTo((...entry) => logged.push(entry)));
  await listener.give(gone);
  await listener.give(next);
  assert.deepEqual([taken, listener.accepts, acceptor.listening, logged], [[next], 3, true, []]);
  assert.deepEqual([gone.closed, next.closed], [1, 0]);
});

Deno.test("Acceptor without file descriptors: told once, tried again, told when it is over", async () => {
  const { listener, clock, taken, logged, acceptor } = start();
  for (let tries = 1; tries <= 5; tries++) {
    assert.equal(listener.accepts, tries);
    await listener.fail();
    assert.equal(acceptor.listening, false);
    assert.equal(listener.accepts, tries, "not at once: the next try would fail as well");
    clock.advance(50);
  }
  const message = "a connection could not be accepted; trying again";
  assert.deepEqual(logged.splice(0), [["error", message, { error: "Too many open files (os error 24)" }]]);
  const conn = new Conn();
  await listener.give(conn);
  assert.deepEqual([taken, acceptor.listening], [[conn], true]);
  assert.deepEqual(logged.splice(0), [["info", "connections are accepted again", undefined]]);
  // Another shortage is another entry.
  await listener.fail("no error at all");
  assert.deepEqual(logged, [["error", message, { error: "no error at all" }]]);
});

Deno.test("Acceptor.close() ends accepting without a word, and twice is once", async () => {
  const { listener, acceptor, logged, clock } = start();
  acceptor.close();
  acceptor.close();
  await settled();
  clock.advance(1_000);
  assert.deepEqual([listener.closed, listener.accepts, acceptor.listening, logged], [1, 1, false, []]);
});

Deno.test("Acceptor.close() while it waits for its next try leaves no timer", async () => {
  const { listener, acceptor, clock } = start();
  await listener.fail();
  assert.equal(clock.pending, 1);
  acceptor.close();
  assert.deepEqual([clock.pending, listener.accepts], [0, 1]);
});

Deno.test("Acceptor: a connection that comes together with the end is closed", async () => {
  const { listener, acceptor, taken } = start(), conn = new Conn();
  // Accepted already, and nobody has been told.
  const given = listener.give(conn);
  acceptor.close();
  await given;
  assert.deepEqual([conn.closed, taken, listener.accepts], [1, [], 1]);
});

Deno.test("Acceptor goes on at once behind a client that reset before it was taken, and nobody hears of it", async () => {
  const { listener, clock, taken, acceptor, logged } = start(), conn = new Conn();
  for (const kind of [Deno.errors.NotConnected, Deno.errors.ConnectionAborted, Deno.errors.ConnectionReset]) {
    await listener.fail(new kind("Transport endpoint is not connected"));
  }
  assert.deepEqual([listener.accepts, acceptor.listening, clock.pending, logged], [4, true, 0, []]);
  await listener.give(conn);
  assert.deepEqual(taken, [conn]);
});
