-- Sends requests evenly over COUNT hosts (h0.test … h<COUNT-1>.test), at most 1,000 different ones, in a fixed order.
-- Arguments: COUNT
local prepared, at = {}, 0

function init(args)
  local count = tonumber(args[1])
  local distinct = math.min(count, 1000)
  for i = 0, distinct - 1 do
    -- A step of 7,919 (prime) visits the hosts in an order that neither follows nor reverses the configuration's.
    local n = math.floor(((i * 7919) % distinct) * count / distinct)
    prepared[i + 1] = wrk.format("GET", "/api/v1", { Host = "h" .. n .. ".test" })
  end
end

function request()
  at = at % #prepared + 1
  return prepared[at]
end
