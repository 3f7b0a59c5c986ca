/* Who may ask for what, of a real server: every route of /openapi.json, with no key and with each role, in the
 * tenant that has the objects and in another one. And what the other one sees of it all: nothing.
 *
 * Everything that tenant A says has words that begin with MARK_WORD, every secret begins with MARK_SECRET. */
#ifndef TESTS_ROLES_H
#define TESTS_ROLES_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#define MARK_WORD "KANARI-"
#define MARK_SECRET "SEKRET-"
enum { NONE, VIEWER, OPERATOR, EDITOR, ADMIN, ROLES };
extern const char *const role_names[ROLES];

/* --- main.c --- */

extern int passed, failed;
void check(bool held, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- ask.c: requests, and ${variables} in them --- */

struct buf {
	char *at; /* NUL-terminated */
	size_t n;
};
void buf_clear(struct buf *b);
void buf_add(struct buf *b, const void *bytes, size_t n);

struct answer {
	int status;
	struct buf head, body;
	char *asked; /* the request's path and body, filled in */
};
extern const char *server_url;
/* The answer is overwritten by the next. key NULL: none is sent. */
const struct answer *ask(const char *key, const char *method, const char *path, const char *body);
/* The text of a member of the answer ("id", "keys.0.id") becomes a variable, if there is one to be. */
struct step {
	const char *method, *path, *body, *member, *variable;
};
/* Not 2xx, or no such member: the program ends. */
void make(const char *key, const struct step *s);
void var_set(const char *name, const char *value);
const char *var_get(const char *name);
/* Each variable whose name begins so. */
void var_each(const char *start, void (*fn)(const char *name, const char *value));

/* --- world.c --- */

extern char keys_a[ROLES][64], keys_b[ROLES][64]; /* [NONE] is empty */
void world_begin(const char *operator_key); /* both tenants, and A's objects that stay */
void world_anew(void);                     /* other objects for the same variables, to be changed */
void world_back(void);                     /* the variables of the objects that stay */

/* --- matrix.c --- */

void matrix_run(void);

/* --- canary.c --- */

/* In an answer to somebody else: no word, secret or id of A that he did not send himself. */
void canary_stranger(const struct answer *a, const char *what);
/* From now on the names in this request are B's own too, as he has used them. */
void canary_gave(const struct answer *a);
/* In an answer to A: no secret, no key. */
void canary_own(const struct answer *a, const char *what);
void canary_probes(void); /* what else B can try with A's ids and names */
void canary_pages(const char *log_path);

#endif
