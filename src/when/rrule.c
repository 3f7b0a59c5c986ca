/* (being written) */
#include "when/rrule.h"

void rrule_join(const struct rrule_text *pieces, struct strbuf *out) { (void)pieces; (void)out; }
struct slice rrule_zone(struct slice text) { (void)text; return (struct slice){ NULL, 0 }; }
enum when_err rrule_parse(const struct rrule_ask *ask, struct slice text, const struct rrule **out_rule, struct when_fault *out_fault)
{ (void)ask; (void)text; (void)out_rule; (void)out_fault; return WHEN_RRULE_SYNTAX; }
usec_t rrule_last(const struct rrule *r) { (void)r; return USEC_NEVER; }
usec_t rrule_next(const struct rrule *r, usec_t after, struct tz_hint *hint) { (void)r; (void)after; (void)hint; return USEC_NEVER; }
enum dst_touch rrule_touch(const struct rrule *r, usec_t at) { (void)r; (void)at; return DST_NONE; }
unsigned rrule_warnings(const struct rrule *r) { (void)r; return 0; }
void rrule_parts(const struct rrule *r, struct rrule_parts *out) { (void)r; (void)out; }
