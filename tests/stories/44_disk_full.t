# A database that cannot take results for a while (its disk is full) loses none: they wait, and nothing is sent twice.
clock 2030-01-01T12:00:00Z
server
sql create function full_disk() returns trigger language plpgsql as 'begin raise exception using errcode = ''53100''; end'
sql create trigger full_disk before insert on attempt for each row execute function full_disk()
POST /v1/tasks {"target": "${hook}/once"}
-> 201
save id = .id
hook <- POST /once within 5s
# longer than any number of tries would last
repeat 4000 GET /v1/tasks?limit=1
log has results.refused
GET /v1/tasks/${id} -> 200  .status == processing
sql drop trigger full_disk on attempt
eventually GET /v1/tasks/${id} -> 200  .status == completed  #.attempts == 1  .attempts[0].response_body exists
hook none /once
