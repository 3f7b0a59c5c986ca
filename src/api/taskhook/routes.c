/* The routes of the Taskhook API. */
#include "api/taskhook.h"

#include "taskhook_int.h"

#define SCHEDULE                 \
	{                        \
		"schedule", NULL \
	}
#define TASK                 \
	{                    \
		"task", NULL \
	}

static const struct route routes[] = {
	{ METHOD_POST,
	  "/v1/schedules",
	  ROLE_EDITOR,
	  &in_schedule_shape,
	  th_schedule_create,
	  &out_schedule_shape,
	  201,
	  0,
	  { NULL },
	  "Create a schedule",
	  show_schedule,
	  check_schedule },
	{ METHOD_GET,
	  "/v1/schedules",
	  ROLE_VIEWER,
	  &in_schedule_list_shape,
	  th_schedule_list,
	  &out_schedules_shape,
	  200,
	  0,
	  { NULL },
	  "List schedules, newest first",
	  show_schedules,
	  NULL },
	{ METHOD_GET, "/v1/schedules/{id}", ROLE_VIEWER, NULL, th_schedule_get, &out_schedule_shape,
	  200, 0, SCHEDULE, "Read a schedule", show_schedule, NULL },
	{ METHOD_PATCH, "/v1/schedules/{id}", ROLE_EDITOR, &in_change_shape, th_schedule_change,
	  &out_changed_shape, 200, 0, SCHEDULE,
	  "Change a schedule; answers its id and what was changed", show_changed, check_schedule },
	{ METHOD_DELETE, "/v1/schedules/{id}", ROLE_EDITOR, NULL, th_schedule_delete,
	  &out_deleted_shape, 200, 0, SCHEDULE, "Delete a schedule; its tasks stay", show_schedule,
	  NULL },
	{ METHOD_GET, "/v1/schedules/{id}/tasks", ROLE_VIEWER, &in_task_list_shape,
	  th_schedule_tasks, &out_tasks_shape, 200, 0, SCHEDULE,
	  "List the tasks of a schedule, latest first", show_tasks, NULL },
	{ METHOD_GET, "/v1/schedules/{id}/preview", ROLE_VIEWER, &in_preview_shape,
	  th_schedule_preview, &out_preview_shape, 200, 0, SCHEDULE, "Preview the next executions",
	  NULL, NULL },
	{ METHOD_GET, "/v1/schedules/{id}/skips", ROLE_VIEWER, &in_page_shape, th_schedule_skips,
	  &out_skips_shape, 200, 0, SCHEDULE, "List the ranges of occurrences that got no task",
	  NULL, NULL },
	{ METHOD_POST,
	  "/v1/tasks",
	  ROLE_EDITOR,
	  &in_task_shape,
	  th_task_create,
	  &out_task_shape,
	  201,
	  ROUTE_LIST,
	  { NULL },
	  "Create a task, or up to 10,000 of them (all or none)",
	  show_task,
	  check_task },
	{ METHOD_GET,
	  "/v1/tasks",
	  ROLE_VIEWER,
	  &in_task_list_shape,
	  th_task_list,
	  &out_tasks_shape,
	  200,
	  0,
	  { NULL },
	  "List tasks, newest first",
	  show_tasks,
	  NULL },
	{ METHOD_GET, "/v1/tasks/{id}", ROLE_VIEWER, NULL, th_task_get, &out_task_full_shape, 200,
	  0, TASK, "Read a task and its attempts", show_task, NULL },
	{ METHOD_POST, "/v1/tasks/{id}/cancel", ROLE_OPERATOR, NULL, th_task_cancel,
	  &out_task_shape, 200, 0, TASK, "Cancel a task that has not ended", show_task, NULL },
	{ METHOD_POST, "/v1/tasks/{id}/retry", ROLE_OPERATOR, NULL, th_task_retry, &out_task_shape,
	  200, 0, TASK, "Deliver a task again: at once if it waits, anew if it has ended",
	  show_task, NULL },
};

const struct dialect taskhook = {
	.name = "taskhook",
	.base = "/v1",
	.routes = routes,
	.count = (int)(sizeof(routes) / sizeof(routes[0])),
	.flags = ROUTE_QUERY_KEY,
	.fault_type = "application/problem+json",
	.fault = problem_print,
};
