-- Creates one-off tasks an hour ahead: POST /v1/tasks. (Its body suits the peers' front too; LOAD_BODY is
-- another one.)
local common = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
common.post()
wrk.body = os.getenv("LOAD_BODY") or common.task("load")
