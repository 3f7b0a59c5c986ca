# A target that never answers takes its own places only: others are delivered as if it were not there, and what
# stands in its line goes back to the table instead of filling memory.
clock 2030-01-01T12:00:00Z
server
hook answers /hung hang
repeat 400 POST /v1/tasks {"target": "${elsewhere}/hung", "payload": {"i": ${i}}, "timeout": 60}
hook <- POST /hung within 5s
POST /v1/tasks {"target": "${hook}/fine", "payload": {"i": 0}}
-> 201
hook <- POST /fine within 1s
repeat 50 POST /v1/tasks {"target": "${hook}/fine", "payload": {"i": ${i}}}
hook count /fine == 51
# 16 places at an origin that has not answered yet, not more
hook count /hung == 16
eventually GET /v1/tasks?status=completed&limit=1 -> 200  .total == 51
