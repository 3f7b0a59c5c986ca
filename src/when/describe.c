/* (being written) */
#include "when/describe.h"

const char *zone_generic_name(const struct tz *z) { return tz_name(z); }
void describe(const struct spec *s, struct slice text, bool with_zone, struct strbuf *out) { (void)s; (void)text; (void)with_zone; (void)out; }
unsigned explain(const struct spec *s, struct slice text, struct explained out[EXPLAIN_MAX], struct strbuf *out_words)
{ (void)s; (void)text; (void)out; (void)out_words; return 0; }
