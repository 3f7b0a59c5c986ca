# 2xx is success; 3xx is not followed and fails; 410 stops the retries.
clock 2030-01-01T12:00:00Z
server
hook answers /gone 410
POST /v1/tasks {"target": "${hook}/gone"}
-> 201
save gone = .id
hook <- POST /gone within 3s
eventually GET /v1/tasks/${gone} -> 200  .status == failed  .reason == gone  #.attempts == 1  .attempts[0].http_status == 410
advance 1h
hook none /gone
hook answers /moved 302  header Location: ${hook}/elsewhere
POST /v1/tasks {"target": "${hook}/moved"}
-> 201
save moved = .id
hook <- POST /moved within 3s
eventually GET /v1/tasks/${moved}
-> 200  .status == retrying  .attempts[0].http_status == 302  .attempts[0].response_headers exists
hook none /elsewhere
POST /v1/tasks/${moved}/cancel -> 200
hook answers /nocontent 204  body
POST /v1/tasks {"target": "${hook}/nocontent"}
-> 201
save created = .id
eventually GET /v1/tasks/${created} -> 200  .status == completed
hook answers /accepted 202
POST /v1/tasks {"target": "${hook}/accepted"}
-> 201
save accepted = .id
eventually GET /v1/tasks/${accepted} -> 200  .status == completed  .attempts[0].http_status == 202
# a long answer is kept up to its first 16 KiB
hook answers /long 200  body ${0123456789*4000}
POST /v1/tasks {"target": "${hook}/long"}
-> 201
save long = .id
eventually GET /v1/tasks/${long} -> 200  .status == completed
-> 200  .attempts[0].response_body == "${0123456789*1638}0123"
