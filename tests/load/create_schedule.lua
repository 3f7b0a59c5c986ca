-- Creates schedules that fire once a day: POST /v1/schedules.
local common = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
common.post()
wrk.body = common.schedule("0 9 * * *", "load")
