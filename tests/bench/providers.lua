-- For wrk: POST the body in $BODY in the name of $PROVIDERS providers in turn, to /webhook/statuspage/p0, p1, ..., each with its
-- own page id and token, as tests/bench/rows/growth.py has made them; ends as post.lua does.
dofile((debug.getinfo(1, "S").source:match("^@(.*)/") or ".") .. "/post.lua")
local body = wrk.body
local count = tonumber(os.getenv("PROVIDERS"))
local threads = 0
function setup(thread)
  thread:set("first", threads * 7919)
  threads = threads + 1
end

local at = 0
function init()
  at = first
end

function request()
  at = (at + 1) % count
  local path = string.format("/webhook/statuspage/p%d?token=growth-token-%08d", at, at)
  return wrk.format("POST", path, nil, (body:gsub("lntrnpay0001", string.format("page%08d", at))))
end
