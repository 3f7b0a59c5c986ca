/* The story runner: reads a story (tests/stories/NN_name.t), does what its lines say against
 * real servers, a real PostgreSQL and a webhook receiver of its own, and counts the checks that
 * hold and that do not.
 *
 * One process runs one story and then ends, so nothing here is freed but what a loop would pile
 * up. */
#ifndef STORY_STORY_H
#define STORY_STORY_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
	SERVERS_MAX = 6,
	VARS_MAX = 200,
	ITEMS_MAX = 64,
	WAIT_MS = 5000,   /* `eventually`, `hook <-` and `hook count`, unless they say otherwise */
	START_MS = 20000, /* until a server is ready or has ended */
	SETTLE_MS = 150,  /* after the barrier, before "nothing arrived" is believed */
};

struct buf {
	char *at; /* always ends with a NUL that len does not count */
	size_t len, room;
};

/* An answer of a server, or a request that the hook received. */
struct message {
	int status;
	char *method, *path;
	struct buf head; /* header lines as they came */
	struct buf body;
	cJSON *json; /* the body, if it is JSON */
};

/* A line of the story with its continuation lines, and the `> Name: value` lines that followed
 * it. */
struct line {
	int number;
	char *text;
	struct buf headers;
};

struct server {
	char name[32];
	char *environment[32]; /* NAME=VALUE of the story */
	pid_t pid;             /* 0 = not running */
	int to, from;          /* its stdin and stdout */
	struct buf said;       /* what it has printed and nobody has read yet */
	char url[64];
	char *log_path;
};

struct story {
	const char *path, *name;
	struct line *lines;
	int count, at;
	char *names[VARS_MAX], *values[VARS_MAX];
	int vars;
	struct server servers[SERVERS_MAX];
	struct hook *hook;
	struct message last;  /* what `->`, `save` and `hook <-` look at */
	long long now_ms;     /* the test clock; 0 = not set yet */
	char database[128];   /* connection string of its own database */
	char folder[400];     /* logs */
	int passed, failed;
	bool given_up;        /* a line could not be done: the rest of the story makes no sense */
	bool quiet;           /* inside `eventually`: count, but do not report yet */
	struct buf report;
};

/* text.c */
void buf_add(struct buf *buf, const void *data, size_t len);
void buf_print(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_clear(struct buf *buf);
void *must(void *memory);
char *copy_of(const char *text, size_t len);
char *take_word(char **text);           /* cuts the next word off; "" at the end */
int split_items(char *text, char **items); /* at two blanks, a tab or a line end; `body …` reaches to the line's end */
size_t unescape(char *text);            /* \n \r \t \\ \xHH in place; returns the new length */
long long parse_duration_ms(const char *text); /* 2m, 90s, 1h30m, 2d, 150ms; -1 when it is none */
bool parse_instant(const char *text, long long *out_ms);
char *print_instant(long long ms);
long long boot_ms(void);
void nap(int ms);

/* vars.c */
void var_set(struct story *story, const char *name, const char *value);
const char *var_get(const struct story *story, const char *name);
char *vars_filled(struct story *story, const char *text);

/* message.c */
void message_reset(struct message *message);
void message_finish(struct message *message); /* the body has come: reads it as JSON */
bool message_header(const struct message *message, const char *name, struct buf *out);

/* check.c */
void story_pass(struct story *story);
void story_fail(struct story *story, const char *format, ...) __attribute__((format(printf, 2, 3)));
void story_give_up(struct story *story, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool field_of(const struct message *message, const char *what, struct buf *out_text, const cJSON **out_json);
void check_item(struct story *story, char *item);
void check_items(struct story *story, char **items, int count);
void check_text(struct story *story, const char *what, const char *got, const char *op_and_wanted);

/* error.c */
void check_refusal(struct story *story); /* the last answer, if it is one: fails when it is not as all are */

/* request.c */
void request_run(struct story *story, const struct line *line, char *text);
bool http_get(const char *url, struct message *answer);
struct curl_slist *request_headers(struct story *story, const struct line *line, bool has_body);

/* race.c */
void step_race(struct story *story, char *rest);

/* server.c */
struct server *server_find(struct story *story, const char *name); /* NULL or "" = the first */
char **server_environment(const struct story *story, const struct server *server);
void step_server(struct story *story, char *rest);
void step_clock(struct story *story, char *rest);
void step_advance(struct story *story, char *rest);
void step_kill(struct story *story, char *rest);
void step_term(struct story *story, char *rest);
void step_drain(struct story *story, char *rest);
void step_restart(struct story *story, char *rest);
void step_died(struct story *story, char *rest);
void step_freeze(struct story *story, char *rest);
void step_thaw(struct story *story, char *rest);
void step_fail(struct story *story, char *rest);
void servers_barrier(struct story *story); /* every server has read what was sent to it */
void servers_end(struct story *story);

/* hook.c: the webhook receiver */
struct hook *hook_start(int *out_port);
void hook_rule(struct hook *hook, const char *path, char **items, int count);
bool hook_take(struct hook *hook, const char *path, int wait_ms, struct message *out);
bool hook_play(struct hook *hook, const char *platform, char *answers); /* fakes.c */
int hook_count(struct hook *hook, const char *path, bool only_new);
void hook_forget(struct hook *hook);
void hook_list(struct hook *hook, struct buf *out);

/* fakes.c: platforms that the hook plays */
bool fake_is(const char *path); /* /fake/PLATFORM/... */
void fake_answer(const struct message *got, int *out_status, struct buf *out_headers, struct buf *out_body);
bool fake_rule(const char *platform, char *answers);
const char *fake_faults(void);

/* smtp.c: a mail server */
int smtp_start(void); /* its port */
const char *smtp_faults(void);
void step_mail(struct story *story, char *rest);

/* steps.c */
void step_hook(struct story *story, char *rest);
void step_sql(struct story *story, char *rest);
void step_metric(struct story *story, char *rest);
void step_pg(struct story *story, char *rest);
void step_shell(struct story *story, char *rest);

/* command.c */
void step_carillon(struct story *story, char *rest);
void step_log(struct story *story, char *rest);
bool database_make(struct story *story, const char *admin);
void database_drop(struct story *story, const char *admin);

/* story.c */
void story_run(struct story *story, const char *admin);

#endif
