-- Reads one page of a list, whatever path the URL has: /v1/tasks?limit=20, /v1/schedules/{id}/tasks?status=completed.
local common = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
wrk.method = "GET"
