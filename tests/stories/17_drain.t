# SIGTERM: deliveries in flight finish and are recorded, what is held is handed back, the exit status is 0.
clock 2030-01-01T12:00:00Z
server
hook answers /slow 200  delay 1500ms
POST /v1/tasks {"target": "${hook}/slow"}
-> 201
save slow = .id
POST /v1/tasks {"target": "${hook}/held", "execute_after": "PT1S"}
-> 201
save held = .id
hook <- POST /slow within 3s
term
hook none /held
sql select count(*) from run where owner is not null == 0
restart
GET /v1/tasks/${slow} -> 200  .status == completed  #.attempts == 1
GET /v1/tasks/${held} -> 200  .status == queued
advance 1s
hook <- POST /held within 3s
hook count /slow == 1
# nothing new while it drains is lost either: an idle server ends at once
eventually GET /v1/tasks/${held} -> 200  .status == completed
term
