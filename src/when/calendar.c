/* (being written) */
#include "when/calendar.h"

const char *calendar_build(unsigned weekend, const struct holiday *holidays, unsigned n, struct calendar *out, int *out_index)
{ (void)weekend; (void)holidays; (void)n; (void)out; (void)out_index; return NULL; }
bool calendar_is_open(const struct calendar *c, int32_t day) { (void)c; (void)day; return true; }
int32_t calendar_next_open(const struct calendar *c, int32_t day) { (void)c; return day; }
int32_t calendar_previous_open(const struct calendar *c, int32_t day) { (void)c; return day; }
int32_t calendar_adjust(const struct calendar *c, enum calendar_adjust how, int32_t day) { (void)c; (void)how; return day; }
struct civil calendar_easter(int year) { return (struct civil){ year, 4, 1 }; }
