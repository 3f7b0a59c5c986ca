-- Reads objects by id. PATHS names a file with one path a line (/v1/tasks/task_...); each request takes one at random.
local common = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
