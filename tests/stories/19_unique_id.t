# unique_id: a second task of that name is refused and told which one has it.
clock 2030-01-01T12:00:00Z
server
POST /v1/tasks {"target": "${hook}/a", "unique_id": "order-7", "execute_after": "PT1H"}
-> 201  .unique_id == "order-7"
save task = .id
POST /v1/tasks {"target": "${hook}/b", "unique_id": "order-7"}
-> 409  .code == duplicate_unique_id  header.content-type == application/problem+json  body has ${task}
hook none /b
POST /v1/tasks {"target": "${hook}/c", "unique_id": "order-8"}
-> 201
hook <- POST /c within 3s
# in an array all or none
POST /v1/tasks [{"target": "${hook}/d", "unique_id": "order-9"}, {"target": "${hook}/d", "unique_id": "order-7"}]
-> 409  .code == duplicate_unique_id
POST /v1/tasks [{"target": "${hook}/d", "unique_id": "order-10"}, {"target": "${hook}/d", "unique_id": "order-10"}]
-> 409
hook none /d
GET /v1/tasks -> 200  .total == 2
# also after it has ended
POST /v1/tasks/${task}/cancel -> 200
POST /v1/tasks {"target": "${hook}/e", "unique_id": "order-7"}
-> 409
hook none /e
