/* The memory that agents' runs take: a ceiling (agent.c), and a share of it for each tenant and for each
 * of its agents, so that those that hang stop nobody else. */
#include <stdlib.h>

#include "base/check.h"
#include "engine/agent_int.h"

struct share_key {
	struct uuid tenant;
	uint64_t agent; /* its name's hash; 0: all of the tenant's */
};

struct agent_share {
	struct share_key key;
	size_t bytes;
	UT_hash_handle hh;
};

static struct share_key key_of(const struct held *h, bool is_agent)
{
	struct share_key key = { h->c.key.tenant, 0 };

	for (size_t i = 0; i < h->c.url.n && is_agent; i++)
		key.agent = (key.agent ^ (unsigned char)h->c.url.p[i]) * 0x100000001b3U;
	return key;
}

static struct agent_share *share_of(const struct held *h, bool is_agent)
{
	struct share_key key = key_of(h, is_agent);
	struct agent_share *s = NULL;

	HASH_FIND(hh, h->engine->agent_shares, &key, sizeof key, s);
	return s;
}

bool agent_share_is_full(const struct held *h)
{
	const struct agent_share *tenant = share_of(h, false), *agent = share_of(h, true);
	size_t own = h->agent ? h->agent->bytes : 0;

	return (tenant && tenant->bytes - own >= AGENT_TENANT_MAX)
	    || (agent && agent->bytes - own >= AGENT_SHARE_MAX);
}

static void move_share(struct agent_run *a, bool is_agent, size_t bytes)
{
	struct engine *e = a->held->engine;
	struct agent_share *s = share_of(a->held, is_agent);

	if (!s) {
		s = mem_new(sizeof *s);
		s->key = key_of(a->held, is_agent);
		HASH_ADD(hh, e->agent_shares, key, sizeof s->key, s);
	}
	s->bytes += bytes - a->bytes;
	if (!s->bytes) {
		HASH_DEL(e->agent_shares, s);
		free(s);
	}
}

void agent_set_bytes(struct agent_run *a, size_t bytes)
{
	move_share(a, false, bytes);
	move_share(a, true, bytes);
	a->held->engine->agent_bytes += bytes - a->bytes;
	a->bytes = bytes;
}
