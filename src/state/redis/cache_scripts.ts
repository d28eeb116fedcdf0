/** What Redis is asked to do with answers. @module */

import { MOST_LINES } from "../../core/cache_tier.ts";
import { scriptOf } from "./script.ts";

/** Milliseconds for which a purge is remembered: what was asked for longer ago is not written. */
const REMEMBERED = 60_000;

/**
 * A part of a cache is an index and the answers in it, which are hashes. The index is a sorted set whose lines all have
 * score 0, but for three behind them, whose scores are the cache's generation, the time of the last soft purge of everything
 * in milliseconds, and that of the last purge of more than a URL in microseconds.
 *
 * An answer counts only while the index has the generation that it was written in. With a new generation everything is
 * therefore gone at once; and a Redis that evicts the index, to make room, forgets the answers with it, so that none is left
 * which a purge could not find.
 *
 * Each purge leaves its time, for a while: in the index, or, where it is of a URL, under a key of its own for the path. What
 * was asked for before it is not written after it.
 */
const COMMON = `
local call, sub, match, gmatch = redis.call, string.sub, string.match, string.gmatch
local index = KEYS[1]
local time = call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = math.floor(micros / 1000)
local GENERATION, PURGED, STALE = '\\255g', '\\255p', '\\255s'
local generation = call('ZSCORE', index, GENERATION)

local function atLeast(key, ms)
  if call('PTTL', key) < ms then call('PEXPIRE', key, string.format('%.0f', ms)) end
end

local function mark(member, score)
  call('ZADD', index, string.format('%.0f', score), member)
  atLeast(index, ${REMEMBERED})
end`;

/** Takes out a line whose answers are no more, or of an earlier generation, which go with it; says whether it was one. */
const FORGET = `
local function forget(line)
  local data = index .. ':' .. match(line, '[^\\n]*$')
  local of = call('HGET', data, 'g')
  if of and of == generation then return false end
  if of then call('UNLINK', data) end
  call('ZREM', index, line)
  return true
end`;

/**
 * `KEYS` index, answers; `ARGV` fields. Returns nothing where there is nothing; else of each field how long ago, in
 * milliseconds, it was written, how long ago a soft purge came after that, or -1, and its value.
 */
export const READ = scriptOf(`${COMMON}
local data = KEYS[2]
if not generation then return {} end
local names = { 'g', 's' }
for i = 1, #ARGV do
  names[#names + 1] = '@' .. ARGV[i]
  names[#names + 1] = ARGV[i]
end
local got = call('HMGET', data, unpack(names))
if got[1] ~= generation then return {} end
local stale = math.max(tonumber(got[2] or 0), tonumber(call('ZSCORE', index, STALE) or 0))
local answer = {}
for i = 3, #got, 2 do
  local written = got[i] and tonumber(match(got[i], '^%d+'))
  answer[#answer + 1] = written and math.max(0, now - written) or false
  answer[#answer + 1] = written and written <= stale and math.max(0, now - stale) or -1
  answer[#answer + 1] = written and got[i + 1]
end
return answer`);

/** Fields of a URL's answers: with three for each variant, about a hundred. Who has more begins anew. */
const MOST_FIELDS = 300;

/**
 * `KEYS` index, answers, time of the last purge of the path; `ARGV` milliseconds to keep it, end of its lines, its line,
 * hashes of its tags with blanks between, microseconds since it was asked for, field, value, and, where there are any, a
 * field of lines and its new first line. Returns whether it was written.
 *
 * The lines of answers that are no more are found by chance, two for each that is written: the index has at most about
 * twice the lines that it needs.
 */
export const WRITE = scriptOf(`${COMMON}${FORGET}
local data, ttl, hash, line, tags = KEYS[2], tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
local since, field, value, list, first = tonumber(ARGV[5]), ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local purged = math.max(tonumber(call('GET', KEYS[3]) or 0), tonumber(call('ZSCORE', index, PURGED) or 0))
if since >= ${REMEMBERED} * 1000 or micros - since <= purged then return 0 end
if not generation then
  mark(GENERATION, micros)
  generation = call('ZSCORE', index, GENERATION)
end
if call('HGET', data, 'g') ~= generation or call('HLEN', data) > ${MOST_FIELDS} then call('UNLINK', data) end

local lines, given, dropped = { line }, {}, {}
for tag in gmatch(tags, '%S+') do
  given[tag] = true
  lines[#lines + 1] = 't' .. tag .. '\\n' .. hash
end
local before = call('HGET', data, '@' .. field)
if before then for tag in gmatch(before, ' (%S+)') do if not given[tag] then dropped[tag] = true end end end
local written = string.format('%.0f', now)
call('HSET', data, 'g', generation, field, value, '@' .. field, written .. (tags == '' and '' or ' ' .. tags))
if list then
  local all, count = first, 1
  for other in gmatch(call('HGET', data, list) or '', '[^\\n]+') do
    if other ~= first and count < ${MOST_LINES} then all, count = all .. '\\n' .. other, count + 1 end
  end
  call('HSET', data, list, all, '@' .. list, written)
end
if next(dropped) then
  for _, name in ipairs(call('HKEYS', data)) do
    if sub(name, 1, 1) == '@' then
      for tag in gmatch(call('HGET', data, name), ' (%S+)') do dropped[tag] = nil end
    end
  end
  for tag in pairs(dropped) do call('ZREM', index, 't' .. tag .. '\\n' .. hash) end
end
atLeast(data, ttl)
atLeast(index, ttl + 60000)

local adding = { index }
for i = 1, #lines do
  adding[#adding + 1] = 0
  adding[#adding + 1] = lines[i]
end
call('ZADD', unpack(adding))
local size = call('ZCARD', index)
math.randomseed(time[2])
for _ = 1, 2 * #lines do
  local at = math.random(0, size - 1)
  local found = call('ZRANGE', index, at, at)[1]
  if found and sub(found, 1, 1) ~= '\\255' then forget(found) end
end
return 1`);

/**
 * `KEYS` index and, where a URL is purged, the time of the last purge of its path; `ARGV` where to begin, what lines begin
 * with, origin, whether that is all of it, whether softly, how many lines at most. Returns how many answers, and the last
 * line where there may be more.
 */
export const PURGE = scriptOf(`${COMMON}${FORGET}
local from, beginning, origin, whole, soft, most = unpack(ARGV)
if KEYS[2] then call('SET', KEYS[2], string.format('%.0f', micros), 'PX', ${REMEMBERED}) else mark(PURGED, micros) end
local lines = call('ZRANGEBYLEX', index, from, '(' .. beginning .. '\\255', 'LIMIT', 0, most)
local count = 0
for i = 1, #lines do
  local line = lines[i]
  local has, hash = match(line, '^[^\\n]*\\n(.-)\\n?([^\\n]*)$')
  local meant = origin == '' or has == origin or whole == '0' and sub(has, 1, #origin) == origin
  if meant and not forget(line) then
    local data = index .. ':' .. hash
    count = count + 1
    if soft == '0' then
      call('UNLINK', data)
      call('ZREM', index, line)
    else
      call('HSET', data, 's', string.format('%.0f', now))
    end
  end
end
return { count, #lines == tonumber(most) and lines[#lines] or '' }`);

/** `KEYS` index; `ARGV` whether softly. Returns how many lines of URLs there were. */
export const PURGE_ALL = scriptOf(`${COMMON}
local count = call('ZLEXCOUNT', index, '[u', '(v')
mark(PURGED, micros)
if ARGV[1] == '0' then mark(GENERATION, micros) else mark(STALE, now) end
return count`);

/**
 * `KEYS` index; `ARGV` where to begin, how many lines at most. Forgets what is of an earlier generation. Returns the last
 * line where there may be more.
 */
export const SWEEP = scriptOf(`${COMMON}${FORGET}
local lines = call('ZRANGEBYLEX', index, ARGV[1], '(\\255', 'LIMIT', 0, ARGV[2])
for i = 1, #lines do forget(lines[i]) end
return #lines == tonumber(ARGV[2]) and lines[#lines] or ''`);

/** `KEYS` any; `ARGV` channel, message. */
export const TELL = scriptOf("return redis.call('PUBLISH', ARGV[1], ARGV[2])");
