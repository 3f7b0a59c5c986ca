-- What a day looks like: of 20 requests 10 read a task, 4 a page of tasks, 1 a page of schedules, 4 create a task,
-- 1 a schedule. PATHS as in get.lua.
local common = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
local paths, json = {}, { ["Content-Type"] = "application/json", ["Authorization"] = wrk.headers["Authorization"] }
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
request = function()
  local dice = math.random(20)
  if dice <= 10 then return wrk.format("GET", paths[math.random(#paths)]) end
  if dice <= 14 then return wrk.format("GET", "/v1/tasks?limit=20") end
  if dice <= 15 then return wrk.format("GET", "/v1/schedules?limit=20") end
  if dice <= 19 then return wrk.format("POST", "/v1/tasks", json, common.task("mixed")) end
  return wrk.format("POST", "/v1/schedules", json, common.schedule("0 9 * * *", "mixed"))
end
