/* One array of numbers, one of histograms, one of texts, all indexed by the enum; each row uses one of them. */
#include "base/metric.h"

#include <string.h>

#include "base/check.h"

enum kind { KIND_COUNTER, KIND_GAUGE, KIND_HISTOGRAM, KIND_INFO };

static const struct row {
	enum kind kind;
	const char *name, *labels, *help;
} rows[METRIC_COUNT] = {
#define COUNTER(id, name, labels, help) [METRIC_##id] = { KIND_COUNTER, name, labels, help },
#define GAUGE(id, name, labels, help) [METRIC_##id] = { KIND_GAUGE, name, labels, help },
#define HISTOGRAM(id, name, labels, help) [METRIC_##id] = { KIND_HISTOGRAM, name, labels, help },
#define INFO(id, name, label, help) [METRIC_##id] = { KIND_INFO, name, label, help },
#include "base/metric.def"
#undef COUNTER
#undef GAUGE
#undef HISTOGRAM
#undef INFO
};

/* Upper ends of the buckets. The text stands beside the number, because no float ever takes
 * part. */
static const struct bound {
	usec_t most;
	const char *text;
} bounds[] = {
	{ 100, "0.0001" },     { 250, "0.00025" },     { 500, "0.0005" },
	{ MSEC, "0.001" },     { 2500, "0.0025" },     { 5 * MSEC, "0.005" },
	{ 10 * MSEC, "0.01" }, { 25 * MSEC, "0.025" }, { 50 * MSEC, "0.05" },
	{ 100 * MSEC, "0.1" }, { 250 * MSEC, "0.25" }, { 500 * MSEC, "0.5" },
	{ SEC, "1" },          { 2500 * MSEC, "2.5" }, { 5 * SEC, "5" },
	{ 10 * SEC, "10" },    { 30 * SEC, "30" },     { 60 * SEC, "60" },
};
#define BOUNDS ((int)(sizeof(bounds) / sizeof(bounds[0])))

static int64_t numbers[METRIC_COUNT];
static struct {
	int64_t in[BOUNDS]; /* each bucket alone; the text wants them added up */
	int64_t count;
	usec_t sum;
} spans[METRIC_COUNT];

static char infos[METRIC_COUNT][METRIC_INFO_MAX];

static void check_kind(enum metric m, enum kind kind)
{
	ASSERT((unsigned)m < METRIC_COUNT);
	ASSERT(rows[m].kind == kind);
}

#ifdef CARILLON_TEST
void metric_clear(void)
{
	memset(numbers, 0, sizeof(numbers));
	memset(spans, 0, sizeof(spans));
	memset(infos, 0, sizeof(infos));
}
#endif

void metric_add(enum metric m, int64_t n)
{
	check_kind(m, KIND_COUNTER);
	numbers[m] += n;
}

void metric_set(enum metric m, int64_t v)
{
	check_kind(m, KIND_GAUGE);
	numbers[m] = v;
}

void metric_time(enum metric m, usec_t span)
{
	int i = 0;

	check_kind(m, KIND_HISTOGRAM);
	if (span < 0)
		span = 0;
	while (i < BOUNDS && span > bounds[i].most)
		i++;
	if (i < BOUNDS)
		spans[m].in[i]++;
	spans[m].count++;
	spans[m].sum += span;
}

void metric_info(enum metric m, const char *text)
{
	size_t n = strnlen(text, METRIC_INFO_MAX - 1);

	check_kind(m, KIND_INFO);
	memcpy(infos[m], text, n);
	infos[m][n] = '\0';
}

int64_t metric_get(enum metric m)
{
	ASSERT((unsigned)m < METRIC_COUNT);
	return rows[m].kind == KIND_HISTOGRAM ? spans[m].count : numbers[m];
}

/* name_suffix{labels,le="..."} and a space. */
static void print_name(struct strbuf *out, const struct row *row, const char *suffix,
		       const char *le)
{
	const char *comma = *row->labels && le ? "," : "";

	strbuf_adds(out, row->name);
	strbuf_adds(out, suffix);
	if (le)
		strbuf_addf(out, "{%s%sle=\"%s\"}", row->labels, comma, le);
	else if (*row->labels)
		strbuf_addf(out, "{%s}", row->labels);
	strbuf_addc(out, ' ');
}

static void print_number(struct strbuf *out, const struct row *row, const char *suffix,
			 const char *le, int64_t v)
{
	print_name(out, row, suffix, le);
	strbuf_addi(out, v);
	strbuf_addc(out, '\n');
}

/* Microseconds as seconds, without the zeros at the end. */
static void print_seconds(struct strbuf *out, usec_t span)
{
	int digits = 6;
	usec_t part = span % SEC;

	strbuf_addi(out, span / SEC);
	if (part == 0)
		return;
	for (; part % 10 == 0; part /= 10)
		digits--;
	strbuf_addf(out, ".%0*d", digits, (int)part);
}

static void print_histogram(struct strbuf *out, enum metric m)
{
	int64_t below = 0;

	for (int i = 0; i < BOUNDS; i++) {
		below += spans[m].in[i];
		print_number(out, &rows[m], "_bucket", bounds[i].text, below);
	}
	print_number(out, &rows[m], "_bucket", "+Inf", spans[m].count);
	print_name(out, &rows[m], "_sum", NULL);
	print_seconds(out, spans[m].sum);
	strbuf_addc(out, '\n');
	print_number(out, &rows[m], "_count", NULL, spans[m].count);
}

static void print_info(struct strbuf *out, enum metric m)
{
	if (infos[m][0])
		strbuf_addf(out, "%s{%s=\"%s\"} 1\n", rows[m].name, rows[m].labels, infos[m]);
}

void metric_print(struct strbuf *out)
{
	static const char *const types[] = { "counter", "gauge", "histogram", "gauge" };
	const char *last = "";

	for (int m = 0; m < METRIC_COUNT; m++) {
		const struct row *row = &rows[m];

		if (strcmp(row->name, last) != 0) {
			strbuf_addf(out, "# HELP %s %s\n", row->name, row->help);
			strbuf_addf(out, "# TYPE %s %s\n", row->name, types[row->kind]);
		}
		last = row->name;
		if (row->kind == KIND_HISTOGRAM)
			print_histogram(out, (enum metric)m);
		else if (row->kind == KIND_INFO)
			print_info(out, (enum metric)m);
		else
			print_number(out, row, "", NULL, numbers[m]);
	}
}
