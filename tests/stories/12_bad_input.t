# Bad input: every fault is named by its field, nothing is stored, nothing is ever answered 5xx.
clock 2030-01-01T12:00:00Z
server
# --- the body as such
POST /v1/schedules {"cron": 
-> 400  .code == malformed_json  .status == 400  .title exists  .type exists
	.detail =~ ^The.body.is.not.valid.JSON,.at.byte.[0-9]+:.[A-Z][^.]*[.]$  .request_id exists
	header.content-type == application/problem+json
POST /v1/schedules {"cron": "* * * * *"} trailing
-> 400  .code == malformed_json
POST /v1/schedules {"cron": "* * * * *", "cron": "* * * * *"}
-> 400  .code == malformed_json
POST /v1/schedules raw {"cron": "\xff\xfe"}
-> 400  .code == malformed_json
POST /v1/schedules raw {"a": 01}
-> 400  .code == malformed_json
POST /v1/tasks {"target": "${hook}/a", "payload": ${[*70}1${]*70}}
-> 400  .code == malformed_json
POST /v1/schedules raw {}
> Content-Type: text/plain
-> 415  .code == unsupported_media_type
POST /v1/schedules raw {}
> Content-Type: application/x-www-form-urlencoded
-> 415
POST /v1/schedules "text"
-> 422
POST /v1/schedules {"cron": "${x*1100000}"}
-> 413  .code == body_too_large  .type =~ body_too_large
POST /api/scheduler/jobs?x {"name": "${x*1100000}"}
-> 413  .code == body_too_large  .error == bad_request  .details == []  .type absent
# --- routes and methods
GET /v1/nothing -> 404  .code == route_not_found
GET /v1 -> 404
DELETE /v1/schedules -> 405  .code == method_not_allowed  header.allow has GET  header.allow has POST
PUT /v1/tasks -> 405  header.allow exists
GET /v1/schedules/schedule_0 -> 404
GET /v1/schedules/nonsense -> 404
GET /v1/schedules/task_00000000000000000000000000 -> 404
PATCH /v1/schedules/schedule_00000000000000000000000000 {"enabled": false}
-> 404  .code == not_found
DELETE /v1/schedules/schedule_00000000000000000000000000 -> 404
GET /v1/schedules/schedule_00000000000000000000000000/tasks -> 404
GET /v1/schedules/schedule_00000000000000000000000000/preview -> 404
# --- schedules: what is missing, all of it at once
POST /v1/schedules {}
-> 422  .code == validation_error  .errors[field=cron].code == required  .errors[field=task_template].code == required  #.errors == 2
POST /v1/schedules {"cron": "* * * * *", "timezone": "UTC", "task_template": {}}
-> 422  .errors[field=task_template.target].code == required
# --- wrong types and unknown fields
POST /v1/schedules {"cron": 5, "timezone": true, "task_template": [], "enabled": "yes", "colour": 1, "start_at": 7}
-> 422  .errors[field=cron].code == wrong_type  .errors[field=timezone].code == wrong_type
	.errors[field=task_template].code == wrong_type  .errors[field=enabled].code == wrong_type
	.errors[field=colour].code == unknown_field  .errors[field=start_at].code == wrong_type
POST /v1/schedules {"Cron": "* * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=Cron].code == unknown_field  .errors[field=cron].code == required
# --- cron and zone
POST /v1/schedules {"cron": "", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=cron].code == cron_empty
POST /v1/schedules {"cron": "* * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=cron].code == cron_field_count
POST /v1/schedules {"cron": "61 * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=cron].code == cron_value_range
POST /v1/schedules {"cron": "*/0 * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=cron].code == cron_step_zero
POST /v1/schedules {"cron": "*/90 * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=cron].code == cron_step_range
POST /v1/schedules {"cron": "0 0 * FOO *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=cron].code == cron_name
POST /v1/schedules {"cron": "0 0 31 2 *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=cron].code == cron_never
POST /v1/schedules {"cron": "@reboot", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=cron].code == cron_reboot
POST /v1/schedules {"cron": "@fortnightly", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=cron].code == cron_macro
POST /v1/schedules {"cron": "${1,*200}1 * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=cron].code == cron_too_long
POST /v1/schedules {"cron": "* * * * *", "timezone": "Mars/Olympus", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=timezone].code == timezone_unknown
POST /v1/schedules {"cron": "* * * * *", "timezone": "../etc/passwd", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=timezone].code == timezone_unknown
POST /v1/schedules {"cron": "* * * * *", "timezone": "", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=timezone].code exists
# --- window
POST /v1/schedules {"cron": "* * * * *", "timezone": "UTC", "start_at": "yesterday", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=start_at].code == invalid_time
POST /v1/schedules {"cron": "* * * * *", "timezone": "UTC", "start_at": "2030-02-30T00:00:00Z", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=start_at].code == invalid_time
POST /v1/schedules {"cron": "* * * * *", "timezone": "UTC", "start_at": "2030-03-01T00:00:00Z", "end_at": "2030-02-01T00:00:00Z",
	"task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=end_at].code == end_before_start
# --- our own settings
POST /v1/schedules {"cron": "* * * * *", "timezone": "UTC", "overlap": "maybe", "catchup": "some", "dst": {"gap": "jump", "overlap": "x"},
	"task_template": {"target": "${hook}/a"}}
-> 422  .errors[field=overlap].code == invalid_value  .errors[field=catchup].code == invalid_value
	.errors[field=dst.gap].code == invalid_value  .errors[field=dst.overlap].code == invalid_value
# --- the template and the task
POST /v1/schedules {"cron": "* * * * *", "timezone": "UTC", "task_template": {"target": "ftp://example.com/a"}}
-> 422  .errors[field=task_template.target].code == target_invalid
POST /v1/tasks {"target": ""}
-> 422  .errors[field=target].code exists
POST /v1/tasks {"target": "nonsense"}
-> 422  .errors[field=target].code == target_invalid
POST /v1/tasks {"target": "http://user:secret@127.0.0.1/"}
-> 422  .errors[field=target].code exists
POST /v1/tasks raw {"target": "http://127.0.0.1/a\\u000d\\u000ab"}
-> 422  .errors[field=target].code exists
POST /v1/tasks {"target": {"method": "POST"}}
-> 422  .errors[field=target.url].code == required
POST /v1/tasks {"target": {"url": "${hook}/a", "method": "BREW COFFEE"}}
-> 422  .errors[field=target.method].code == invalid_value
POST /v1/tasks raw {"target": {"url": "${hook}/a", "headers": {"X-A": "b\\r\\nX-C: d"}}}
-> 422  .code == validation_error
POST /v1/tasks {"target": {"url": "${hook}/a", "headers": {"Bad Name": "1"}}}
-> 422  .code == validation_error
POST /v1/tasks {"target": {"url": "${hook}/a", "headers": {"X-A": 1}}}
-> 422  .code == validation_error
POST /v1/tasks {"target": "${hook}/a", "timeout": 0}
-> 422  .errors[field=timeout].code == out_of_range
POST /v1/tasks {"target": "${hook}/a", "timeout": "soon"}
-> 422  .errors[field=timeout].code exists
POST /v1/tasks {"target": "${hook}/a", "retry": {"max_attempts": -1, "strategy": "hope", "base_delay": "x"}}
-> 422  .errors[field=retry.max_attempts].code == out_of_range  .errors[field=retry.strategy].code == invalid_value
	.errors[field=retry.base_delay].code exists
POST /v1/tasks {"target": "${hook}/a", "retry": {"strategy": "fixed", "base_delay": 10, "max_delay": 5}}
-> 422  .errors[field=retry.max_delay].code == out_of_range
POST /v1/tasks {"target": "${hook}/a", "execute_after": "tomorrow"}
-> 422  .errors[field=execute_after].code exists
POST /v1/tasks {"target": "${hook}/a", "execute_after": 60}
-> 422  .errors[field=execute_after].code == wrong_type
POST /v1/tasks {"target": "${hook}/a", "expires_after": "P1Y"}
-> 422  .errors[field=expires_after].code exists
POST /v1/tasks {"target": "${hook}/a", "unique_id": ""}
-> 422  .errors[field=unique_id].code == too_short
POST /v1/tasks {"target": "${hook}/a", "unique_id": "${x*1000}"}
-> 422  .errors[field=unique_id].code == too_long
POST /v1/tasks {"target": "${hook}/a", "tags": [""]}
-> 422  .code == validation_error
POST /v1/tasks {"target": "${hook}/a", "tags": {"a": 1}}
-> 422  .errors[field=tags].code == wrong_type
# --- changes
POST /v1/schedules {"cron": "0 0 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 201
save schedule = .id
save whole = .
PATCH /v1/schedules/${schedule} {"cron": "nonsense", "enabled": 1, "id": "schedule_1"}
-> 422  .errors[field=cron].code exists  .errors[field=enabled].code == wrong_type  .errors[field=id].code exists
PATCH /v1/schedules/${schedule} {"timezone": null}
-> 422  .errors[field=timezone].code == wrong_type
PATCH /v1/schedules/${schedule} {"end_at": "2030-01-02T00:00:00Z", "start_at": "2030-01-03T00:00:00Z"}
-> 422  .errors[field=end_at].code == end_before_start
GET /v1/schedules/${schedule} -> 200  . == ${whole}
GET /v1/schedules/${schedule}/preview?start_from=never -> 422  .errors[field=start_from].code == invalid_time
GET /v1/schedules/${schedule}/preview?limit=0 -> 422  .errors[field=limit].code == out_of_range
GET /v1/schedules?status=sleeping&enabled=perhaps&limit=1000000
-> 422  .errors[field=status].code == invalid_value  .errors[field=enabled].code == wrong_type
	.errors[field=limit].code == out_of_range
GET /v1/schedules?limit=1&limit=2 -> 422  .errors[field=limit].code == duplicate
# --- nothing of all that was stored, and the server is well
GET /v1/schedules -> 200  .total == 1
GET /v1/tasks -> 200  .total == 0
hook none /a
metric carillon_http_requests_total{class="5xx"} == 0
