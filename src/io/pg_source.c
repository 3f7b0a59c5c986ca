/* Where the database is: the connection string taken apart, and what we ask of every connection
 * besides. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/resolve.h"
#include "io_int.h"

static PQconninfoOption *option(const struct pg_source *s, const char *keyword)
{
	for (PQconninfoOption *o = s->options; o->keyword; o++)
		if (strcmp(o->keyword, keyword) == 0)
			return o;
	return NULL;
}

const char *pg_source_setting(const struct pg_source *s, const char *keyword)
{
	const PQconninfoOption *o = option(s, keyword);

	return o && o->val && o->val[0] ? o->val : NULL;
}

/* libpq takes these two from the environment behind our back; the lookup has to know them. */
static void take_environment(struct pg_source *s, const char *keyword, const char *variable)
{
	PQconninfoOption *o = option(s, keyword);
	const char *value = getenv(variable);

	if (o && !o->val && value && value[0])
		o->val = strdup(value); /* PQconninfoFree() frees it */
}

bool pg_source_init(struct pg_source *s, struct loop *loop, const char *url, char *why,
		    size_t why_max)
{
	char *error = NULL;

	*s = (struct pg_source){ .loop = loop };
	s->options = PQconninfoParse(url, &error);
	if (!s->options) {
		snprintf(why, why_max, "the connection string: %s",
			 error ? error : "out of memory");
		why[strcspn(why, "\n")] = '\0';
		PQfreemem(error);
		return false;
	}
	if (!pg_source_setting(s, "host") && !pg_source_setting(s, "hostaddr")) {
		take_environment(s, "host", "PGHOST");
		take_environment(s, "hostaddr", "PGHOSTADDR");
	}
	return true;
}

void pg_source_release(struct pg_source *s)
{
	resolver_free(s->resolver);
	PQconninfoFree(s->options);
	*s = (struct pg_source){ 0 };
}

void pg_params_add(struct pg_params *p, const char *key, const char *value)
{
	ASSERT(p->n < PG_PARAMS_MAX);
	p->keys[p->n] = key;
	p->values[p->n++] = value;
}

/* The last of two equal keywords counts: what is above the options is a default, what is below
 * is law. */
void pg_params_fill(struct pg_params *p, const struct pg_source *s)
{
	*p = (struct pg_params){ .n = 0 };
	pg_params_add(p, "fallback_application_name", "carillon");
	pg_params_add(p, "target_session_attrs", "read-write");
	pg_params_add(p, "keepalives", "1");
	pg_params_add(p, "keepalives_idle", "5");
	pg_params_add(p, "keepalives_interval", "5");
	pg_params_add(p, "keepalives_count", "3");
	pg_params_add(p, "tcp_user_timeout", "10000");
	pg_params_add(p, "gssencmode",
		      "disable"); /* else it looks for Kerberos, and may ask a server */
	for (const PQconninfoOption *o = s->options; o->keyword; o++)
		if (o->val)
			pg_params_add(p, o->keyword, o->val);
	pg_params_add(p, "client_encoding", "UTF8");
}
