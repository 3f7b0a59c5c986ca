/* Who asks: the principal behind a request, and what its role may do. */
#ifndef MODEL_ROLE_H
#define MODEL_ROLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"

/* Each role may do what the ones before it may (CONTRACT.md 2). */
enum role { ROLE_NONE, ROLE_VIEWER, ROLE_OPERATOR, ROLE_EDITOR, ROLE_ADMIN };

struct who {
	struct uuid tenant;
	struct uuid organization;
	struct uuid key;
	int16_t bucket; /* id_bucket(tenant) */
	enum role role;
};

#endif
