-- Creates schedules that are not due for months, each at its own minute: fills the table. CRON_MONTH (6): when.
local common = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
common.post()
local month = os.getenv("CRON_MONTH") or "6"
request = function()
  local cron = string.format("%d %d %d %s *", math.random(0, 59), math.random(0, 23), math.random(1, 28), month)
  return wrk.format(nil, nil, nil, common.schedule(cron, "rare"))
end
