-- Creates tasks in arrays: POST /v1/tasks with ARRAY (1,000) tasks in a body. per_s counts requests, not tasks.
local common = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
common.post()
local tasks = {}
for i = 1, tonumber(os.getenv("ARRAY") or "1000") do tasks[i] = common.task("a" .. i) end
wrk.body = "[" .. table.concat(tasks, ",") .. "]"
