/* Who asks: the principal behind a request, what its role may do, and what its tenant is held to. */
#ifndef MODEL_ROLE_H
#define MODEL_ROLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/usec.h"

/* Each role may do what the ones before it may (CONTRACT.md 2). */
enum role { ROLE_NONE, ROLE_VIEWER, ROLE_OPERATOR, ROLE_EDITOR, ROLE_ADMIN };

/* Of a tenant; 0: no limit. */
struct limits {
	int32_t requests;     /* a minute */
	int64_t schedules;    /* of all kinds, deleted and cancelled ones not counted */
	usec_t min_interval;  /* between two occurrences of a schedule */
	int32_t payload_max;  /* bytes */
};

/* As the audit trail says it. */
enum actor { ACTOR_KEY = 1, ACTOR_SERVER = 2, ACTOR_COMMAND = 3 };

#define WHO_NAME_MAX 64
#define WHO_ACTIONS_MAX 256

struct who {
	struct uuid tenant;
	struct uuid organization;
	struct uuid key;          /* of ACTOR_KEY */
	int16_t bucket;           /* id_bucket(tenant) */
	enum role role;
	enum actor actor;
	bool is_operator;         /* an admin of tenant default of organization default: may name others */
	bool has_actions;         /* only those that `actions` match may be used */
	char actions[WHO_ACTIONS_MAX]; /* patterns, each ended by a comma */
	char name[WHO_NAME_MAX];  /* of the key, cut */
	struct limits limits;
};

#endif
