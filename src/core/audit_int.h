/* Between the files of core/audit.h. */
#ifndef CORE_AUDIT_INT_H
#define CORE_AUDIT_INT_H

#include "core/audit.h"
#include "store/audit.h"

/* Of struct audit_entry; they borrow the rows' texts. */
struct json_list audit_entries(const struct audit_row *rows, size_t n, struct arena *a);

#endif
