-- For wrk: GETs the paths in the file $URLS, one a line, each thread over and over from a place of its own; at the end one line
-- "RESULT requests/s p50 p99 errors bytes" (milliseconds; bytes of an answer, with its head).
local paths = {}
for line in assert(io.open(os.getenv("URLS"))):lines() do
  paths[#paths + 1] = line
end

local threads = 0
function setup(thread)
  thread:set("first", threads * 7919)
  threads = threads + 1
end

local requests = {}
local at = 0
function init()
  for i, path in ipairs(paths) do
    requests[i] = wrk.format("GET", path)
  end
  at = first
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("RESULT %.0f %.2f %.2f %d %.0f\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors, summary.bytes / math.max(summary.requests, 1)))
end
