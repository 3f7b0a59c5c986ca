-- What every load shares: the key, the bodies, and one JSON line at the end. Environment:
--   CARILLON_KEY  the API key          TARGET  where the tasks shall be delivered (default: nowhere that listens)
-- Use: CARILLON_KEY=... wrk -t1 -c64 -d5s -s tests/load/create_task.lua http://127.0.0.1:8080/v1/tasks
local common = {}

common.target = os.getenv("TARGET") or "http://127.0.0.1:9/hook"
wrk.headers["Authorization"] = "Bearer " .. (os.getenv("CARILLON_KEY") or "")

function common.payload(id)
  return '{"bench_id":"' .. id .. '","order":{"id":12345,"items":[{"sku":"A-1","n":2},{"sku":"B-2","n":1}],' ..
    '"total":99.5},"note":"please ship before noon, ring twice"}'
end

function common.task(id)
  return '{"target":"' .. common.target .. '","payload":' .. common.payload(id) .. ',"execute_after":"PT1H"}'
end

function common.schedule(cron, id)
  return '{"cron":"' .. cron .. '","timezone":"America/New_York","task_template":{"target":"' .. common.target ..
    '","payload":' .. common.payload(id) .. '}}'
end

function common.post()
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end

function done(summary, latency)
  local e = summary.errors
  print(string.format('{"per_s":%.1f,"requests":%d,"errors":%d,"p50_ms":%.3f,"p99_ms":%.3f}',
    summary.requests / summary.duration * 1e6, summary.requests,
    e.status + e.connect + e.read + e.write + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end

return common
