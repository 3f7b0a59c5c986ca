# The tenant's own activity: counted by the quarter of an hour, shown as a grid on the zone's clock, and what it suggests.
# Two weeks in Berlin: work from nine to half past five, and one Saturday evening. On 2030-03-31 the clocks change.
clock 2030-03-18T06:00:00Z
server
GET /api/scheduler/smart/suggestions -> 200  .suggestions == []  .timezone == UTC
GET /api/scheduler/smart/heatmap -> 200  .timezone == UTC  .weeks == 4  .total == 0  .max == 0  #.rows == 7  .rows[0] == Mon
	.rows[6] == Sun  #.grid == 7  #.grid[0] == 24
# written every ten seconds
sql select count(*) from activity == 0
advance 10s
eventually sql select requests || ' ' || to_char(slot at time zone 'UTC', 'YYYY-MM-DD HH24:MI') from activity == 2 2030-03-18 06:00
# a request that is refused for its key is nobody's; a faulty one counts
GET /api/scheduler/stats
> Authorization: Bearer wrong
-> 401
GET /api/scheduler/smart/heatmap?weeks=13 -> 422  .details[0].field == weeks
GET /api/scheduler/smart/heatmap?timezone=Mars/Base -> 422  .code == timezone_unknown  .details[0].field == timezone
GET /api/scheduler/smart/suggestions?timezone=x -> 422  .code == timezone_unknown
advance 10s
eventually sql select sum(requests) from activity == 5
sql delete from activity
clock 2030-03-18T08:03:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-18T16:20:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-19T08:03:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-19T16:20:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-20T08:03:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-20T16:20:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-21T08:03:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-21T16:20:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-22T08:03:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-22T16:20:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-23T20:00:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-25T08:10:00Z
GET /api/scheduler/stats -> 200
# a week is not enough
GET /api/scheduler/smart/suggestions?timezone=Europe/Berlin -> 200  .suggestions == []
clock 2030-03-25T16:20:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-26T08:03:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-26T16:20:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-27T08:03:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-27T16:20:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-28T08:03:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-28T16:20:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-29T08:03:00Z
GET /api/scheduler/stats -> 200
clock 2030-03-29T16:20:00Z
GET /api/scheduler/stats -> 200
# summer time: nine o'clock is seven o'clock UTC now. A run started by hand is activity too.
clock 2030-04-01T07:03:00Z
POST /api/agents {"id": "writer", "endpoint": {"url": "${hook}/agent"}}
-> 201
POST /api/scheduler/jobs {"name": "Report", "goal": "x", "agent_id": "writer",
	"schedule": {"type": "cron", "expression": "0 9 * * *", "timezone": "Europe/Berlin"}}
-> 201
save job = .id
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 10s
eventually sql select requests from activity order by slot desc limit 1 == 3
# the zone is the one that most jobs are in, when none is named
GET /api/scheduler/smart/suggestions
-> 200  .timezone == Europe/Berlin  #.suggestions == 2
	.suggestions[0].time == 08:55  .suggestions[0].days == Mon-Fri  .suggestions[0].reason == "5 min before typical start"
	.suggestions[1].time == 17:30  .suggestions[1].days == Mon-Fri  .suggestions[1].reason == "end of typical work day"
	.suggestions[0].confidence == 1
GET /api/scheduler/smart/suggestions?timezone=UTC
-> 200  .suggestions[0].time == 07:55  .suggestions[1].time == 16:30
# the grid: Mondays at nine, on both sides of the change; and the quarter that is under way
GET /api/scheduler/smart/heatmap
-> 200  .timezone == Europe/Berlin  .grid[0][9] == 6  .grid[0][17] == 2  .grid[5][21] == 1  .grid[0][8] == 0  .max == 6
	.total == 25
GET /api/scheduler/smart/heatmap?weeks=1 -> 200  .weeks == 1  .grid[1][9] == 1  .grid[5][21] == 0
# on this process's way out the rest is written
term
eventually sql select requests from activity order by slot desc limit 1 =~ ^[4-9]
