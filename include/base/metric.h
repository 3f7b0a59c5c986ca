/* Counters, gauges, histograms and infos, one row each in metric.def, printed as Prometheus text. Plain
 * memory: one thread. Labels are fixed words in the row's name, never tenants or ids. */
#ifndef BASE_METRIC_H
#define BASE_METRIC_H

#include <stdint.h>

#include "base/strbuf.h"
#include "base/usec.h"

enum metric {
#define COUNTER(id, name, labels, help) METRIC_##id,
#define GAUGE(id, name, labels, help) METRIC_##id,
#define HISTOGRAM(id, name, labels, help) METRIC_##id,
#define INFO(id, name, label, help) METRIC_##id,
#include "base/metric.def"
#undef COUNTER
#undef GAUGE
#undef HISTOGRAM
#undef INFO
	METRIC_COUNT
};

void metric_add(enum metric m, int64_t n);  /* counters */
void metric_set(enum metric m, int64_t v);  /* gauges */
void metric_time(enum metric m, usec_t span); /* histograms, seconds in the text; buckets 0.1 ms .. 60 s */
/* infos: the text (without quotes, backslashes and newlines), cut at METRIC_INFO_MAX; none: no line */
#define METRIC_INFO_MAX 40
void metric_info(enum metric m, const char *text);
int64_t metric_get(enum metric m);          /* counters and gauges; a histogram's count */
void metric_print(struct strbuf *out);      /* Prometheus text 0.0.4, with HELP and TYPE once a name */
#ifdef CARILLON_TEST
void metric_clear(void);                    /* all of them: tests share a process */
#endif

#endif
