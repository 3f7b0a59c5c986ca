/* (being written) */
#include "when/nl.h"

enum when_err nl_parse(const struct nl_ask *ask, struct slice text, struct nl_answer *out, struct when_fault *out_fault)
{ (void)ask; (void)text; (void)out; (void)out_fault; return WHEN_NL_UNRECOGNIZED; }
