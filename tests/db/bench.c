/* `t_db bench`: what the lanes carry, to compare with PERFORMANCE.md section 2. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "t_db.h"

#define ROWS 100000
#define SPAN (3 * SEC)

static struct {
	usec_t until;
	int64_t rows;
	int under_way, batch;
	unsigned seed;
} b;

struct sched {
	int32_t tenant;
	struct slice name, url, payload;
};

struct reader {
	struct arena *arena;
};

static void read_more(struct reader *r);

static void read_done(struct db_unit *u, void *ctx)
{
	EXPECT(u->outcome == DB_OK && db_rows_count(db_rows(u, 0)) == 1);
	b.rows++;
	read_more(ctx);
}

/* A fresh arena, unless the time is up: then there is one reader less. */
static bool goes_on(struct reader *r)
{
	if (r->arena)
		arena_free(r->arena);
	r->arena = NULL;
	if (clock_boot() >= b.until) {
		b.under_way--;
		return false;
	}
	r->arena = arena_new();
	return true;
}

static void read_more(struct reader *r)
{
	struct db_unit *u;

	if (!goes_on(r))
		return;
	b.seed = b.seed * 1664525u + 1013904223u;
	u = db_unit_new(fx.db, r->arena, LANE_READ);
	db_begin(u, T_BENCH_GET);
	db_bind_int8(u, 1 + (b.seed >> 8) % ROWS);
	db_end(u);
	db_submit(u, read_done, r);
}

static double cpu(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec)
	     + (double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) / 1e6;
}

static void report(const char *what, int n, usec_t began, double cpu_began)
{
	double span = (double)(clock_boot() - began) / 1e6;

	printf("%s %4d: %8.0f rows/s, client %.2f core\n", what, n, (double)b.rows / span,
	       (cpu() - cpu_began) / span);
}

static void bench_reads(int readers)
{
	static struct reader list[1024];
	usec_t began = clock_boot();
	double cpu_began = cpu();

	b.rows = 0;
	b.until = began + SPAN;
	b.under_way = readers;
	for (int i = 0; i < readers; i++)
		read_more(&list[i]);
	(void)run_until_zero(&b.under_way, 20);
	report("reads in flight", readers, began, cpu_began);
}

static void insert_more(struct reader *r);

static void insert_done(struct db_unit *u, void *ctx)
{
	EXPECT(u->outcome == DB_OK && db_rows_count(db_rows(u, 0)) == b.batch);
	b.rows += b.batch;
	insert_more(ctx);
}

static void insert_more(struct reader *r)
{
	static struct sched one = {
		42, SLICE_LIT("nightly report"), SLICE_LIT("http://127.0.0.1:18080/hook"),
		SLICE_LIT(
			"{\"bench_id\":\"abcdefghij\",\"order\":{\"id\":12345,\"items\":[{\"sku\":\"A-1\",\"n\":2},"
			"{\"sku\":\"B-2\",\"n\":1}],\"total\":99.5},\"note\":\"please ship before noon, ring twice\"}")
	};
	static const struct sched *list[1024];
	struct db_unit *u;
	size_t n = (size_t)b.batch;

	if (!goes_on(r))
		return;
	for (int i = 0; i < 1024; i++)
		list[i] = &one;
	u = db_unit_new(fx.db, r->arena, LANE_WRITE);
	db_begin(u, T_BENCH_INSERT);
	db_bind_array(u, DB_INT4, COL(list, n, struct sched, tenant));
	db_bind_array(u, DB_TEXT, COL(list, n, struct sched, name));
	db_bind_array(u, DB_TEXT, COL(list, n, struct sched, url));
	db_bind_array(u, DB_TEXT, COL(list, n, struct sched, payload));
	db_end(u);
	db_submit(u, insert_done, r);
}

static void bench_inserts(int batch, int in_flight)
{
	static struct reader list[8];
	char out[100];
	usec_t began;
	double cpu_began = cpu();

	admin("truncate b_sched", out, sizeof(out));
	began = clock_boot();
	b.rows = 0;
	b.batch = batch;
	b.until = began + SPAN;
	b.under_way = in_flight;
	for (int i = 0; i < in_flight; i++)
		insert_more(&list[i]);
	(void)run_until_zero(&b.under_way, 20);
	printf("%d in flight, ", in_flight);
	report("insert by unnest of", batch, began, cpu_began);
}

void bench(void)
{
	char out[200];

	fx.arena = arena_new();
	EXPECT(run_until(all_ready, 20));
	admin("truncate b_sched restart identity", out, sizeof(out));
	admin("insert into b_sched (tenant_id, name, url, cron, tz, payload, headers, due_at)"
	      " select g % 1000, 'nightly report',"
	      " 'http://127.0.0.1:18080/hook', '0 9 * * *', 'America/New_York',"
	      " jsonb_build_object('bench_id', g, 'order',"
	      " jsonb_build_object('id', g, 'total', 99.5), 'note', 'please ship before noon,"
	      " ring twice'), '{}', now() + interval '1 hour' from generate_series(1, 100000) g",
	      out, sizeof(out));
	admin("vacuum analyze b_sched", out, sizeof(out));
	admin("checkpoint", out, sizeof(out));
	bench_reads(1);
	bench_reads(32);
	bench_reads(64);
	bench_reads(256);
	bench_reads(512);
	bench_inserts(64, 1);
	bench_inserts(64, 2);
	bench_inserts(256, 2);
	bench_inserts(1000, 2);
	arena_free(fx.arena);
}
