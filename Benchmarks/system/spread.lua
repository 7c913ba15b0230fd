-- Sends requests evenly over COUNT hosts (h0.test … h<COUNT-1>.test), at most 1,000 different ones, in a fixed order; with HOST to
-- that host, evenly from COUNT sources told by X-Source.
-- Arguments: COUNT [HOST]
local prepared, at = {}, 0

function init(args)
  local count, host = tonumber(args[1]), args[2]
  local distinct = host and count or math.min(count, 1000)
  for i = 0, distinct - 1 do
    -- A step of 7,919 (prime) visits the hosts in an order that neither follows nor reverses the configuration's.
    local n = math.floor(((i * 7919) % distinct) * count / distinct)
    local headers = host and { Host = host, ["X-Source"] = "source-" .. n } or { Host = "h" .. n .. ".test" }
    prepared[i + 1] = wrk.format("GET", "/api/v1", headers)
  end
end

function request()
  at = at % #prepared + 1
  return prepared[at]
end
