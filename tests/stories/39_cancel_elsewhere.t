# A task that one process holds is cancelled through another: before its time it is never delivered; under way, its
# transfer is aborted.
clock 2030-01-01T12:00:00Z
server A
POST /v1/tasks {"target": "${hook}/held", "execute_after": "PT1S"}
-> 201
save held = .id
eventually sql select count(*) from run where state = 2 == 1
server B
@B POST /v1/tasks/${held}/cancel -> 200  .status == cancelled
eventually metric @A carillon_runs_held == 0
sql select count(*) from notice == 0
clock 2030-01-01T12:00:05Z
hook none /held
@A GET /v1/tasks/${held} -> 200  .status == cancelled  #.attempts == 0
# under way
term B
hook answers /flying 200  delay 20s
@A POST /v1/tasks {"target": "${hook}/flying", "timeout": 60}
-> 201
save flying = .id
hook <- POST /flying within 3s
restart B
eventually metric @A carillon_deliveries_in_flight == 1
@B POST /v1/tasks/${flying}/cancel -> 200  .status == cancelled
eventually metric @A carillon_deliveries_in_flight == 0
eventually metric @A carillon_runs_held == 0
@A GET /v1/tasks/${flying} -> 200  .status == cancelled  #.attempts == 1  .attempts[0].status == cancelled
clock 2030-01-01T13:00:00Z
hook count /flying == 1
sql select count(*) from run == 0
sql select string_agg(state::text, ' ') from run_history == 5 5
