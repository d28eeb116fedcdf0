/** What Redis is asked to do: the algorithms' own Lua, and what reads and keeps their numbers around it. @module */

import type { Algorithm } from "../../core/limit.ts";
import { type Script, scriptOf } from "./script.ts";

/**
 * Seconds from 1970 to 2025. Times count from there, in microseconds, so that a double holds each part of the grid.
 */
const EPOCH = 1_735_689_600;

/** Milliseconds. Redis cannot add all that a number can hold to its clock. */
const LONGEST_KEPT = 10 * 365 * 86_400_000;

/**
 * The script of one set of algorithms: one for all that is done, so that Redis has it when it is wanted. Its `ARGV`:
 *
 * - `take 10 1`: charges the first of the amounts that all limits admit; `ask 3`: tells whether they would admit it;
 *   `charge -2`: charges it, whatever they say.
 * - Of each key `algorithm limit per burst interval maxDelay`, the algorithm by its number.
 *
 * Kept is a key's state, and when it was written. Where that is still to come, the clock went back (it was put right, or
 * another server, whose clock is behind, took over): then the state's time goes back as far, as if none had passed since.
 *
 * It returns what was charged by `take`, or 0, and of each key `admitted remaining resetAfter retryAfter delay`.
 *
 * @param turned whether the last of `ARGV` is the time, in place of the server's. What is remembered then lasts longer
 * than it need: the two clocks differ.
 */
export function limitScript(algorithms: readonly Algorithm[], turned: boolean): Script {
  for (const { name, lua } of algorithms) {
    if (lua === undefined) throw new Error(`algorithm "${name}" has no lua, which a store in Redis needs`);
  }
  return scriptOf(`
local algorithms = { ${algorithms.map(({ lua }) => lua).join(", ")} }
local sizes = { ${algorithms.map(({ size }) => size).join(", ")} }
local patterns = { ${algorithms.map(({ size }) => `'${wordsOf("(%S+)", size + 1)}'`).join(", ")} }
local formats = { ${algorithms.map(({ size }) => `'${wordsOf("%.17g", size + 1)}'`).join(", ")} }
${turned ? TURNED_TIME : SERVER_TIME}
${LIMITS}`);
}

/** So many, with blanks between. */
function wordsOf(word: string, count: number): string {
  return Array(count).fill(word).join(" ");
}

const SERVER_TIME = `
local time = redis.call('TIME')
local now = (tonumber(time[1]) - ${EPOCH}) * 1000000 + tonumber(time[2])
local spare = 1`;

const TURNED_TIME = `
local now = tonumber(ARGV[#ARGV])
local spare = 3600000`;

const LIMITS = `
local call, match, format, number = redis.call, string.match, string.format, tonumber
local limits = {}
for i = 1, #KEYS do
  local which, limit, per, burst, interval, maxDelay = match(ARGV[i + 1], '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$')
  which = number(which)
  limits[i] = {
    key = KEYS[i], kept = call('GET', KEYS[i]), which = which, algorithm = algorithms[which], state = false,
    rule = {
      limit = number(limit), per = number(per), burst = number(burst),
      interval = number(interval), maxDelay = number(maxDelay),
    },
  }
end

local function stateOf(one)
  local state = one.kept and { match(one.kept, patterns[one.which]) } or {}
  for i = 1, sizes[one.which] + 1 do state[i] = number(state[i]) or 0 end
  return state, table.remove(state)
end

local function keep(one)
  local left = math.ceil((one.state[1] - now) / 1000)
  if left > 0 then
    local ttl = format('%.0f', math.min(left + spare, ${LONGEST_KEPT}))
    table.insert(one.state, now)
    one.kept = format(formats[one.which], unpack(one.state))
    call('SET', one.key, one.kept, 'PX', ttl)
  elseif one.kept then
    one.kept = false
    call('DEL', one.key)
  end
end

for i = 1, #limits do
  local state, written = stateOf(limits[i])
  if written > now then
    state[1] = state[1] - (written - now)
    limits[i].state = state
    keep(limits[i])
  end
end

local what, amounts = match(ARGV[1], '^(%a+) (.+)$')
if what == 'charge' then
  for i = 1, #limits do
    local one = limits[i]
    one.state = stateOf(one)
    one.algorithm.charge(one.state, now, number(amounts), one.rule, one.algorithm)
    keep(one)
  end
  return ''
end

local words = {}
local function decide(i, cost)
  local one = limits[i]
  one.state = stateOf(one)
  local admitted, remaining, resetAfter, retryAfter, delay =
    one.algorithm.take(one.state, now, cost, one.rule, one.algorithm)
  words[i] = format('%s %.17g %.17g %.17g %.17g', admitted and '1' or '0', remaining, resetAfter, retryAfter, delay)
  return admitted
end

local charged = 0
for amount in string.gmatch(amounts, '%S+') do
  local cost, refused = number(amount), false
  for i = 1, #limits do refused = not decide(i, cost) or refused end
  if not refused then
    if what == 'take' and cost > 0 then
      charged = cost
      for i = 1, #limits do keep(limits[i]) end
    end
    break
  end
end
if charged == 0 then
  for i = 1, #limits do
    if string.sub(words[i], 1, 1) == '1' then decide(i, 0) end
  end
end
return format('%.17g ', charged) .. table.concat(words, ' ')`;
