/* The statements whose cost must not grow with the tables. */
#include <stddef.h>

#include "plans.h"

/* The response of n attempts: statuses, errors, details, addresses, headers, bodies, five times. */
#define RESPONSES(n)                                                                           \
	"all16(200, " n "), allt(null, " n "), allt(null, " n "), allt(null, " n "), allb(" n  \
	"), allb(" n "), all32(1, " n "), all32(1, " n "), all32(0, " n "), all32(1, " n "), " \
	"all32(2, " n ")"
/* Claims from the first-th on: buckets, tenants, ids, claims. */
#define CLAIMS(first, n)                                                                        \
	"all16(0, " n "), allu(id('a', 1), " n "), ids('d', " first ", " n "), ids('c', " first \
	", " n ")"
#define NEW_RUNS(n)                                                                               \
	"all16(0, " n "), allu(id('a', 1), " n "), ids('7', 1, " n "), all16(1, " n               \
	"), allz(t0(), " n "), allz(t0(), " n "), allz(null, " n "), allt(null, " n               \
	"), allt('http://target.invalid/', " n "), allt(null, " n "), allb(" n "), allz(t0(), " n \
	")"
#define TENANT "0, id('a', 1)"
/* Of a tenant with a quota. */
#define NEW_SCHEDULES(n)                                                                           \
	"all16(0, " n "), ids('8', 1, " n "), allu(id('a', 1), " n "), all16(1, " n                \
	"), all16(1, " n "), allt(null, " n "), allt(null, " n "), all16(1, " n                    \
	"), allt('* * * * *', " n "), allt('UTC', " n "), allz(null, " n "), allz(null, " n        \
	"), all16(0, " n "), all16(0, " n "), all16(1, " n "), all16(1, " n "), all64(0, " n       \
	"), all64(0, " n "), ids('9', 1, " n "), allz(t0(), " n "), allz(t0(), " n                 \
	"), allz(null, " n "), allt('http://target.invalid/', " n "), allt(null, " n "), allb(" n  \
	"), allz(t0(), " n "), allt(null, " n "), all16(0, " n "), all64(0, " n "), allz(null, " n \
	"), allt(null, " n "), all64(1000000, " n ")"

/* What 100 failed runs add: every schedule is given up. */
#define STANDINGS                                                                                      \
	"all16(0, 100), allu(id('a', 1), 100), ids('f', 1, 100), array_fill(true, array[100]), "       \
	"all32(5, 100), array_fill(false, array[100]), all32(-5, 100), array_fill(true, array[100]), " \
	"ids('1', 1, 100), all16(4, 100), allt('timeout', 100), allt(null, 100), allz(t0(), 100), "    \
	"ids('1', 1, 100), allz(t0(), 100), allz(null, 100), all64(5, 100), array_fill(true, "         \
	"array[100]), "
#define MESSAGES                                                                                       \
	"all16(0, 100), allu(id('a', 1), 100), ids('4', 1, 100), ids('1', 1, 100), ids('f', 1, 100), " \
	"allt('slack:#a', 100), all16(0, 100), all16(1, 100), allt(null, 100), allt(null, 100), "      \
	"allz(t0(), 100), allz(null, 100), "

const struct hot hot[] = {
	{ "run_claim", "t0(), id('e', 1), id('c', 1000000), 500, 8192, '{}', '{}'" },
	{ "run_claim",
	  "t0(), id('e', 1), id('c', 1000000), 500, 8192, array[id('a', 7), id('a', 1)], '{16, 500}'" },
	{ "run_tenants", "null, 256" },
	{ "run_payload", TENANT ", id('d', 3)" },
	{ "run_blocked", "0, id('f', 5), t0() + interval '1 day', t0(), '{}'" },
	{ "run_finish",
	  CLAIMS("1", "500") ", all16(3, 500), allt(null, 500), allz(t0(), 500), "
			     "allz(t0(), 500), all16(1, 500), " RESPONSES(
				     "500") ", allb(500), "
					    "array_fill(true, array[500]), all32(1, 500)" },
	{ "run_again",
	  CLAIMS("501", "250") ", allz(t0(), 250), allz(t0(), 250), allz(t0(), 250), all16(2, 250), " RESPONSES(
		  "250") },
	{ "run_await",
	  CLAIMS("501",
		 "250") ", allz(t0(), 250), allz(t0(), 250), allz(t0(), 250), all64(0, 250)" },
	{ "run_release", CLAIMS("751", "250") ", allz(t0(), 250)" },
	{ "queue_depth", "t0()" },
	{ "run_insert", NEW_RUNS("64") },
	{ "run_insert_all", NEW_RUNS("1000") },
	{ "run_key_find", TENANT ", '{\"key 5\", \"key 6\"}'" },
	{ "run_get", TENANT ", id('d', 2), 1" },
	{ "run_get_ended", TENANT ", id('1', 100000), 1, t0() - interval '20 days'" },
	{ "attempt_list", "0, id('1', 100000), t0() - interval '20 days'" },
	{ "run_page", TENANT ", 1, false, false, false, false, 0, t0(), 0, 100, 16384" },
	{ "run_page_schedule",
	  TENANT ", id('f', 1), true, true, true, true, 0, t0(), 0, 100, 16384" },
	{ "job_run_get", TENANT ", id('1', 100000), 1, t0() - interval '20 days', 16385" },
	{ "job_run_page", TENANT
	  ", id('f', 1), true, true, true, true, '{3, 4, 5, 6, 7}', t0(), null, 0, 50, 16385" },
	{ "job_run_page", TENANT
	  ", id('f', 1), true, true, true, true, '{3, 4, 5, 6, 7}', t0(), t0() - interval '2 days', 0, 21, 16385" },
	{ "plan_page", TENANT ", '{1, 2, 4, 6}', null, null, null, null, null, 21, 21, 16384" },
	{ "plan_page", TENANT
	  ", '{1, 2, 4, 6}', null, null, null, t0() - interval '1 hour', id('f', 30000), 21, 21, 16384" },
	{ "plan_page", TENANT
	  ", '{1, 2, 4, 6}', 'a plan''s action', null, null, t0(), id('f', 30000), 21, 21, 16384" },
	{ "plan_page", TENANT
	  ", '{1, 2, 4, 6}', null, t0() + interval '10 days', null, null, null, 1000, 21, 16384" },
	{ "job_start", TENANT ", id('f', 5), 1, id('7', 1), t0(), t0(), t0()" },
	{ "agent_find", TENANT ", 'agent'" },
	{ "agent_get", TENANT ", 'agent'" },
	{ "agent_insert", TENANT ", 'agent new', 1, '{}', 10000, t0()" },
	{ "agent_update", TENANT ", 'agent 5', 1, '{}', 1, '{}', t0()" },
	{ "agent_delete", TENANT ", 'agent 6', 1, '{}'" },
	{ "action_find", TENANT ", 'action 100'" },
	{ "action_get", TENANT ", 'action 100'" },
	{ "action_page", TENANT ", 'action 5', 101" },
	{ "action_insert", TENANT ", 'action new', 'http://target.invalid/', '{}', 1000, t0()" },
	{ "action_update", TENANT ", 'action 200', 'http://target.invalid/', '{}', 2, t0()" },
	{ "action_delete", TENANT ", 'action 300', 1" },
	{ "credential_get", TENANT ", 'slack'" },
	{ "credential_list", TENANT },
	{ "run_count_schedule", TENANT ", id('f', 5), t0()" },
	{ "tally_get", TENANT ", id('f', 5)" },
	{ "run_hold", TENANT ", id('d', 4), 1" },
	{ "run_cancel", TENANT ", id('d', 4), 1, 1, t0(), 0, null, t0(), id('f', 0)" },
	{ "run_retry_live", TENANT ", id('d', 2000), 1, t0(), 1, t0()" },
	{ "schedule_get", TENANT ", id('f', 5), 1, t0()" },
	{ "schedule_calendar", TENANT ", id('f', 5)" },
	{ "schedule_page", TENANT ", 1, 0, t0(), 0, 100, 16384" },
	{ "schedule_count", TENANT ", 1, 0" },
	{ "schedule_due", "t0(), 500, '{}', '{}'" },
	{ "schedule_due", "t0(), 500, array[id('a', 7), id('a', 1)], '{16, 500}'" },
	{ "schedule_tenants", "null, 256" },
	{ "schedule_wake", "t0()" },
	{ "schedule_advance",
	  "all16(0, 100), ids('f', 1, 100), all64(1, 100), (select array_agg(t0() + (i - 200) * interval '4 "
	  "seconds' + interval '300 seconds' order by i) from generate_series(1, 100) i), "
	  "allz(t0() + interval '1 day', 100), allz(t0() + interval '23 hours', 100), all16(0, 100), "
	  "ids('f', 1, 100), ids('6', 1, 100), allz(t0() + interval '1 hour', 100), "
	  "allz(t0() + interval '61 minutes', 100), all64(60000000, 100), allz(null, 100), "
	  "all16(1, 100), allz(t0(), 100), all16(0, 1), ids('f', 1, 1), ids('5', 1, 1), allz(t0(), 1), allz(t0(), 1), "
	  "all32(1, 1), allt('window', 1), t0()" },
	{ "calendar_find", TENANT ", 'holidays'" },
	{ "calendar_get", TENANT ", 'calendar 5'" },
	{ "calendar_list", TENANT ", 100, 8192" },
	{ "calendar_put", TENANT ", 'calendar 5', '{}', '{}', 1000, id('4', 1), t0()" },
	{ "calendar_delete", TENANT ", 'calendar 5', '{}', t0()" },
	{ "recompute_page_calendar",
	  TENANT ", 'holidays', t0() - interval '22 hours', id('f', 1), t0(), 500" },
	{ "recompute_page_zones", "0, id('f', 5000), t0(), 500" },
	{ "recompute_move",
	  "all16(0, 500), ids('f', 1001, 500), all64(1, 500), (select array_agg(t0() + (i - 200) * interval '4 "
	  "seconds' + interval '300 seconds' order by i) from generate_series(1001, 1500) i), "
	  "allz(t0() + interval '1 day', 500), allz(t0() + interval '23 hours', 500), allz(null, 500)" },
	{ "chain_jobs_known", TENANT ", ids('f', 1, 100)" },
	{ "chain_insert",
	  TENANT ", id('4', 90000), 'chain', '{}', ids('f', 1, 2), '{true, false}', 1000, t0()" },
	{ "chain_get", TENANT ", id('4', 5)" },
	{ "chain_count", TENANT },
	{ "chain_run_count", "0, id('4', 1), 10001" },
	{ "chain_page", TENANT ", 0, 50" },
	{ "chain_names", "0, id('4', 5)" },
	{ "chain_delete", TENANT ", id('4', 1), id('6', 90000), t0()" },
	{ "chain_run_page", TENANT ", id('4', 1), 0, 50" },
	{ "chain_event_take",
	  "t0(), t0() - interval '10 seconds', t0() + interval '10 seconds', null, 100" },
	{ "chain_run_find", "0, id('5', 5)" },
	{ "chain_begin_find", TENANT ", id('4', 5), id('1', 100000), t0() - interval '20 days'" },
	{ "chain_run_of", "0, id('4', 1), id('1', 1)" },
	{ "chain_write", TENANT
	  ", id('4', 5), array[id('6', 5)], id('1', 5), array[id('5', 400)], '{1}', '{2}', '{[]}', '{false}', "
	  "allz(null, 1), id('5', 90000), 0, 1, '{}', '[]', 2, true, null, ids('7', 1, 20), ids('f', 1, 20), "
	  "allu(id('5', 400), 20), allz(t0() + interval '1 second', 20), id('1', 7), id('5', 400), t0()" },
	{ "skip_list", TENANT ", id('f', 5), 0, 100" },
	{ "agent_load", TENANT ", id('d', 1), id('c', 1), id('f', 5), 'a1', true" },
	{ "agent_began", TENANT ", id('d', 1), id('c', 1), id('f', 5), id('9', 1), t0()" },
	{ "agent_outputs", "0, ids('1', 1000, 50), allz(t0() - interval '20 days', 50), 1048576" },
	{ "agent_job_names", TENANT ", ids('f', 1, 50)" },
	{ "await_due", "t0(), 100" },
	{ "await_next", "10000" },
	{ "await_alive", TENANT ", id('d', 1), id('c', 1), t0()" },
	{ "report_read", TENANT ", id('d', 1), 1, t0() - interval '20 days'" },
	{ "after_take",
	  "t0(), t0() - interval '10 seconds', t0() + interval '10 seconds', null, 100" },
	{ "after_outputs", "all16(0, 50), ids('1', 1000, 50), allz(t0(), 50)" },
	{ "after_hold", "all16(0, 100), ids('f', 1, 100)" },
	{ "after_settle",
	  "t0() - interval '1 second', t0(), all16(0, 100), ids('1', 1, 100), allu(id('a', 1), 100), "
	  "ids('f', 1, 100), allu(id('0', 1), 100), all16(4, 100), allz(t0(), 100), allz(t0(), 100), "
	  "all64(5000, 100), all16(9, 100), " STANDINGS MESSAGES
	  "all16(0, 100), allu(id('a', 1), 100), ids('2', 1, 100), ids('3', 1, 100), allu(null, 100), "
	  "ids('f', 1, 100), ids('1', 1, 100), all16(4, 100), allz(t0(), 100)" },
	{ "message_claim",
	  "'{slack,email,webhook}', '{8,8,8}', '{slack}', array[id('a', 2)], id('c', 1), t0(), t0() + interval "
	  "'2 minutes'" },
	{ "message_load",
	  TENANT ", id('1', 1000), t0() - interval '20 days', id('f', 5), 'slack'" },
	{ "message_settle",
	  "0, id('1', 49000), id('b', 49000), id('c', 1), 3, null, null, 0, t0(), t0()" },
	{ "schedule_exhausted", "all16(0, 100), ids('f', 1, 100), t0()" },
	{ "standing_reset", TENANT ", id('f', 5), t0()" },
	{ "rollup_hours", TENANT ", id('f', 5), t0() - interval '31 days'" },
	{ "rollup_slots", TENANT ", id('f', 5), t0() - interval '30 days'" },
	{ "schedule_totals", TENANT ", 1" },
	{ "audit_page", TENANT ", 0, '1970-01-01', '9999-01-01', 0, 96000, 1, 21, 21" },
	{ "audit_page", TENANT
	  ", 4, t0() - interval '10 hours', t0() - interval '9 hours', 63000, 68000, 1, 10000, 21" },
	{ "audit_page_of", TENANT ", 3, 'name 2', '1970-01-01', '9999-01-01', 0, 96000, 1, 21" },
	{ "audit_block_at", TENANT ", t0() - interval '10 hours'" },
	{ "audit_walk", TENANT ", 50000, 1, 500" },
	{ "audit_head", TENANT },
	{ "audit_append",
	  "all16(0, 500), allu(id('a', 1), 500), ids('9', 200001, 500), allz(t0(), 500), all16(1, 500), "
	  "allu(null, 500), allt('k', 500), allt(null, 500), all16(1, 500), ids('f', 1, 500)::text[], "
	  "all64(1, 500), allt('changed', 500), allt('{}', 500), allt('{}', 500), "
	  "array_fill('x'::bytea, array[500]), all16(3, 500)" },
	{ "audit_append_sure",
	  "array[0::int2], array[id('a', 2)], array['x'::bytea], all16(0, 250), allu(id('a', 2), 250), "
	  "(select array_agg(i) from generate_series(1, 250) i), ids('9', 400001, 250), allz(t0(), 250), "
	  "all16(1, 250), allu(null, 250), allt('k', 250), allt(null, 250), all16(2, 250), "
	  "ids('d', 1, 250)::text[], all64(0, 250), allt('created', 250), allt(null, 250), allt('{}', 250)" },
	{ "audit_append",
	  "all16(0, 250), allu(id('a', 1), 250), ids('9', 300001, 250), allz(t0(), 250), all16(1, 250), "
	  "allu(null, 250), allt('k', 250), allt(null, 250), all16(2, 250), ids('d', 1, 250)::text[], "
	  "all64(0, 250), allt('created', 250), allt(null, 250), allt('{}', 250), "
	  "array_fill('x'::bytea, array[250]), all16(2, 250)" },
	{ "idempotency_find",
	  TENANT ", sha256('500'), t0() - interval '1 day', t0() - interval '2 minutes'" },
	{ "idempotency_keep",
	  "all16(0, 250), allu(id('a', 1), 250), "
	  "(select array_agg(sha256(('n' || i)::bytea)) from generate_series(1, 250) i), allu(null, 250), "
	  "array_fill('x'::bytea, array[250]), all16(201, 250), allt('', 250), "
	  "array_fill('{}'::bytea, array[250]), array_fill(false, array[250]), allz(t0(), 250), "
	  "ids('d', 1, 250)::text[], all16(2, 250), t0() - interval '1 day', t0() - interval '2 minutes'" },
	{ "schedule_insert", NEW_SCHEDULES("64") },
	{ "quota_used", TENANT },
	{ "standing_get", TENANT ", id('f', 5)" },
	{ "activity_add",
	  "all16(0, 500), ids('a', 1, 500), allz(t0() - interval '15 minutes', 500), all32(3, 500)" },
	{ "activity_get", TENANT ", t0() - interval '63 days'" },
	{ "usual_zone", TENANT ", 1, 500" },
	{ "agenda_schedules", TENANT ", 1, null, 501" },
	{ "agenda_schedules", TENANT ", 1, id('f', 5), 501" },
	{ "agenda_runs",
	  TENANT ", ids('f', 1, 100), t0() - interval '10 days', t0() + interval '10 days', 10" },
	{ "agenda_sums",
	  TENANT ", ids('f', 1, 10), array[t0() - interval '1 day', t0() - interval '2 days'], "
		 "array[t0(), t0() - interval '1 day']" },
	{ "key_find", "sha256('77'), t0()" },
	{ "key_used", "ids('a', 1, 500), allz(t0(), 500)" },
};
const int hot_count = (int)(sizeof(hot) / sizeof(hot[0]));
