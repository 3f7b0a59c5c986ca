/* The rules (RELIABILITY.md 2.6), from what the sink and the clients saw and from the tables. Nothing here asks the
 * servers: they have ended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "chaos/chaos.h"

#define SAID_MAX 5   /* examples of one rule */
#define SLACK 500000 /* from an answer to its row, at worst; and of the sink's own threads */
#define TAKEOVER_FROZEN 20000 /* ms */
#define LEASE 15000000

enum { COMPLETED = 3, SKIPPED = 7, SUCCESS = 1, LOST = 3 };

struct run {
	char id[ID_MAX];
	int state, attempt, excused, n; /* n: of its unique_id, -1: a schedule's */
	int64_t due;
};

struct attempt {
	char id[ID_MAX];
	long token;
	int number, outcome;
	int64_t finished;
};

struct rule {
	struct chaos *chaos;
	int broken;
};

static struct run *runs;
static struct attempt *attempts;
static int runs_n, attempts_n;

static void broke(struct rule *r, const char *id, const char *what, int64_t value)
{
	if (r->broken++ < SAID_MAX)
		printf("        %s: %s %lld\n", id, what, (long long)value);
}

static void text_id(const char *hex, char out[ID_MAX])
{
	struct uuid id = { { 0 } };
	int n = 0;

	for (; *hex && n < 32; hex++) {
		int digit = *hex >= 'a' ? *hex - 'a' + 10 : *hex - '0';

		if (*hex == '-')
			continue;
		id.b[n / 2] = (uint8_t)(id.b[n / 2] << 4 | digit);
		n++;
	}
	(void)id_print("task", id, out);
}

static int64_t value(const PGresult *r, int i, int column)
{
	return strtoll(PQgetvalue(r, i, column), NULL, 10);
}

static int by_id(const void *a, const void *b)
{
	return strcmp(a, b); /* each record begins with its id */
}

static int by_id_and_token(const void *a, const void *b)
{
	const struct attempt *x = a, *y = b;
	int order = strcmp(x->id, y->id);

	return order ? order : (x->token > y->token) - (x->token < y->token);
}

static int by_id_and_time(const void *a, const void *b)
{
	const struct delivery *x = a, *y = b;
	int order = strcmp(x->id, y->id);

	return order ? order : (x->came > y->came) - (x->came < y->came);
}

static bool read_tables(const struct chaos *c)
{
	PGresult *r = sql(
		c, "select id, state, attempt, excused, coalesce(substr(unique_key, 2)::int, -1),"
		   " (extract(epoch from scheduled_for) * 1000000)::int8 from run_history");
	PGresult *a = sql(
		c,
		"select run_id, token, number, outcome, (extract(epoch from finished_at) * 1000000)::int8"
		" from attempt");

	if (!r || !a)
		return false;
	runs_n = PQntuples(r);
	attempts_n = PQntuples(a);
	runs = calloc((size_t)runs_n + 1, sizeof *runs);
	attempts = calloc((size_t)attempts_n + 1, sizeof *attempts);
	for (int i = 0; i < runs_n; i++) {
		runs[i] = (struct run){ "",
					(int)value(r, i, 1),
					(int)value(r, i, 2),
					(int)value(r, i, 3),
					(int)value(r, i, 4),
					value(r, i, 5) };
		text_id(PQgetvalue(r, i, 0), runs[i].id);
	}
	for (int i = 0; i < attempts_n; i++) {
		attempts[i] = (struct attempt){ "", (long)value(a, i, 1), (int)value(a, i, 2),
						(int)value(a, i, 3), value(a, i, 4) };
		text_id(PQgetvalue(a, i, 0), attempts[i].id);
	}
	PQclear(r);
	PQclear(a);
	qsort(runs, (size_t)runs_n, sizeof *runs, by_id);
	qsort(attempts, (size_t)attempts_n, sizeof *attempts, by_id_and_token);
	return true;
}

static struct run *run_find(const char *id)
{
	return bsearch(id, runs, (size_t)runs_n, sizeof *runs, by_id);
}

static struct attempt *attempt_find(const char *id, long token)
{
	struct attempt key = { .token = token };

	memcpy(key.id, id, sizeof key.id);
	return bsearch(&key, attempts, (size_t)attempts_n, sizeof *attempts, by_id_and_token);
}

static struct delivery *first_delivery(const struct chaos *c, const char *id)
{
	struct delivery *d = bsearch(id, c->deliveries, (size_t)c->deliveries_n, sizeof *d, by_id);

	while (d && d > c->deliveries && strcmp(d[-1].id, id) == 0)
		d--;
	return d;
}

/* C3, C9: what was accepted is there once, completed and delivered; what was refused is not; else
 * at most once. exists: rows by the number in their unique_id. */
struct accepted {
	struct rule rows, delivered, refused, unknown;
	int told[3], found;
};

static void check_task(struct accepted *a, const struct task *t, int n, int exists)
{
	const struct run *run = run_find(t->id);
	bool well = run && run->n == n && exists == 1 && run->state == COMPLETED;

	a->told[t->told]++;
	switch (t->told) {
	case TOLD_CREATED:
		if (!well)
			broke(&a->rows, t->id,
			      "accepted, but rows or state:", run ? run->state : -exists);
		if (!first_delivery(a->rows.chaos, t->id))
			broke(&a->delivered, t->id, "accepted, not delivered; due", t->due);
		break;
	case TOLD_REFUSED:
		if (exists)
			broke(&a->refused, "a refused create", "is there, n", n);
		break;
	case TOLD_NOTHING:
		if (exists > 1)
			broke(&a->unknown, "an unknown create", "is there more than once, n", n);
		a->found += exists;
		break;
	}
}

static void check_accepted(struct chaos *c)
{
	struct accepted a = { .rows = { c, 0 } };
	int *exists = calloc((size_t)c->tasks_n + 1, sizeof *exists);

	for (int i = 0; i < runs_n; i++)
		if (runs[i].n >= 0 && runs[i].n < c->tasks_n)
			exists[runs[i].n]++;
	for (int i = 0; i < c->tasks_n; i++)
		check_task(&a, &c->tasks[i], i, exists[i]);
	verdict(c, a.told[TOLD_CREATED] > 0 && !a.rows.broken,
		"C9 %d accepted tasks are there once and completed: %d are not",
		a.told[TOLD_CREATED], a.rows.broken);
	verdict(c, !a.delivered.broken, "C3 each was delivered: %d were not", a.delivered.broken);
	verdict(c, !a.refused.broken, "C9 %d refused are not there: %d are", a.told[TOLD_REFUSED],
		a.refused.broken);
	verdict(c, !a.unknown.broken, "C9 %d unknown are there once (%d) or never: %d more",
		a.told[TOLD_NOTHING], a.found, a.unknown.broken);
	free(exists);
}

/* Was it under way, or its result not yet written, while a fault lasted? */
static bool is_explained(const struct chaos *c, const struct delivery *d)
{
	int64_t over = (d->answered ? d->answered : d->came + 2000000) + SLACK;

	for (int i = 0; i < c->faults_n; i++)
		if (c->faults[i].begin <= over && d->came - SLACK <= c->faults[i].end)
			return true;
	return false;
}

/* C6, C11: tokens and attempts rise from delivery to delivery; each is an attempt on record, and each but the last one
 * was lost in a fault. */
static void check_deliveries(struct chaos *c)
{
	struct rule rising = { c, 0 }, recorded = { c, 0 }, explained = { c, 0 }, known = { c, 0 };
	int extra = 0;

	for (int i = 0; i < c->deliveries_n; i++) {
		const struct delivery *d = &c->deliveries[i], *next = d + 1;
		const struct attempt *a = attempt_find(d->id, d->token);
		bool again = i + 1 < c->deliveries_n && strcmp(next->id, d->id) == 0;

		if (!run_find(d->id))
			broke(&known, d->id, "delivered, but no row; token", d->token);
		if (!a || a->number != d->attempt)
			broke(&recorded, d->id, "delivered, but no such attempt; token", d->token);
		if (!again)
			continue;
		extra++;
		if (next->token <= d->token || next->attempt <= d->attempt)
			broke(&rising, d->id, "token after", d->token);
		if ((a && a->outcome != LOST) || !is_explained(c, d))
			broke(&explained, d->id, "delivered twice without a fault; first at",
			      d->came - c->schedules_made);
	}
	verdict(c, !known.broken, "C2 each of %d deliveries is of a run: %d are not",
		c->deliveries_n, known.broken);
	verdict(c, !recorded.broken, "C6 each is an attempt on record: %d are not",
		recorded.broken);
	verdict(c, !rising.broken, "C6 tokens and attempts rise: %d do not", rising.broken);
	verdict(c, !explained.broken, "C11 %d duplicates, each lost in a fault: %d not", extra,
		explained.broken);
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double ms_at(const int64_t *sorted, int n, int i)
{
	return i >= 0 && i < n ? (double)sorted[i] / 1e3 : 0;
}

/* C4: never early. How late is a figure, as faults are meant to make things late. */
static void check_times(struct chaos *c)
{
	struct rule early = { c, 0 };
	int64_t *late = calloc((size_t)c->deliveries_n + 1, sizeof *late);
	int n = 0;

	for (int i = 0; i < c->deliveries_n; i++) {
		const struct delivery *d = &c->deliveries[i];
		int64_t due = d->n >= 0 && d->n < c->tasks_n ? c->tasks[d->n].due : d->due;

		if (d->came < due)
			broke(&early, d->id, "came early by us", due - d->came);
		if (i == 0 || strcmp(d[-1].id, d->id) != 0)
			late[n++] = d->came - due;
	}
	qsort(late, (size_t)n, sizeof *late, by_number);
	verdict(c, n > 0 && !early.broken,
		"C4 nothing came early: %d did; late by p50 %.1f ms, p99 %.0f ms, most %.0f ms",
		early.broken, ms_at(late, n, n / 2), ms_at(late, n, n - 1 - n / 100),
		ms_at(late, n, n - 1));
	free(late);
}

/* What the attempts of one run come to; *at is the first of them, and then the one behind them. */
struct course {
	int number; /* as far as they are numbered through */
	int lost, last;
	long token; /* of the last one */
};

static struct course course_of(const char *id, int *at)
{
	struct course out = { 0 };

	while (*at < attempts_n && strcmp(attempts[*at].id, id) < 0)
		(*at)++;
	for (; *at < attempts_n && strcmp(attempts[*at].id, id) == 0; (*at)++) {
		const struct attempt *a = &attempts[*at];

		out.number += a->number == out.number + 1;
		out.last = a->outcome;
		out.lost += a->outcome == LOST;
		out.token = a->token;
	}
	return out;
}

static bool fits(const struct run *run, const struct course *k)
{
	return run->state == COMPLETED && k->last == SUCCESS && k->number == run->attempt
	    && k->number == k->lost + 1 && k->lost == run->excused;
}

/* Did the sink get this token, and answer it? */
static bool was_answered(const struct chaos *c, const char *id, long token)
{
	const struct delivery *d = first_delivery(c, id), *end = c->deliveries + c->deliveries_n;

	for (; d && d < end && strcmp(d->id, id) == 0; d++)
		if (d->token == token)
			return d->answered != 0;
	return false;
}

/* Whoever lost its connection starts nothing until it has confirmed what it still holds. */
static void check_quiet(struct chaos *c)
{
	struct rule quiet = { c, 0 };
	int64_t waited = 0;

	for (int k = 0; k < c->faults_n; k++) {
		const struct fault *f = &c->faults[k];

		waited += f->quiet_to > f->quiet_from ? f->quiet_to - f->quiet_from : 0;
		for (int i = 0; i < c->deliveries_n; i++) {
			const struct delivery *d = &c->deliveries[i];

			if (d->came > f->quiet_from && d->came < f->quiet_to)
				broke(&quiet, d->id, "came while PostgreSQL was away, at us",
				      d->came - f->begin);
		}
	}
	verdict(c, !quiet.broken, "in %.1f s without PostgreSQL nothing was started: %d were",
		(double)waited / 1e6, quiet.broken);
}

/* C7: the attempts of each run are numbered through, the last one succeeded, the others were lost
 * and excused. */
static void check_attempts(struct chaos *c)
{
	struct rule path = { c, 0 }, seen = { c, 0 };
	int at = 0, lost = 0;

	for (int i = 0; i < runs_n; i++) {
		struct course k = course_of(runs[i].id, &at);

		lost += k.lost;
		if (runs[i].state == SKIPPED && k.last != SUCCESS)
			continue;
		if (!fits(&runs[i], &k))
			broke(&path, runs[i].id, "its attempts do not fit its row; state",
			      runs[i].state);
		if (!was_answered(c, runs[i].id, k.token))
			broke(&seen, runs[i].id,
			      "completed, but its token was never answered:", k.token);
	}
	verdict(c, !path.broken,
		"C7 %d runs: one success each, %d attempts lost before: %d do not fit", runs_n,
		lost, path.broken);
	verdict(c, !seen.broken, "P3 each completed run had its 2xx: %d had not", seen.broken);
}

/* C1: of each schedule, each second from the first to the last has one row or stands in one skipped range. */
static void check_schedules(struct chaos *c)
{
	PGresult *r = sql(
		c,
		"with slot as (select schedule_id, scheduled_for from run_history where schedule_id is not null"
		" union all select schedule_id, scheduled_for from run where schedule_id is not null"
		" union all select schedule_id, generate_series(from_at, to_at, '1 s') from skip)"
		" select count(*), count(distinct scheduled_for), extract(epoch from max(scheduled_for) -"
		" min(scheduled_for))::int8 + 1, (extract(epoch from min(scheduled_for)) * 1000000)::int8,"
		" (extract(epoch from max(scheduled_for)) * 1000000)::int8 from slot group by schedule_id");

	verdict(c, r && PQntuples(r) == SCHEDULES, "C1 %d schedules made runs", SCHEDULES);
	for (int i = 0; r && i < PQntuples(r); i++)
		verdict(c,
			value(r, i, 0) == value(r, i, 1) && value(r, i, 0) == value(r, i, 2)
				&& value(r, i, 3) <= c->schedules_made + 3000000
				&& value(r, i, 4) >= c->schedules_ended - 1000000,
			"C1 %lld seconds, %lld rows, %lld different ones",
			(long long)value(r, i, 2), (long long)value(r, i, 0),
			(long long)value(r, i, 1));
	PQclear(r);
}

/* C2, C10, P2: uniqueness and totals, by recount. */
static void check_totals(struct chaos *c)
{
	static const char recount[] =
		"with real as (select bucket, tenant_id, s, count(*) filter (where state = 3) completed,"
		" count(*) filter (where state = 4) failed, count(*) filter (where state = 7) skipped,"
		" count(*) filter (where state in (3, 4)) executed"
		" from run_history cross join lateral"
		" unnest(array[schedule_id, ('00000000-0000-0000-0000-00000000000' || kind)::uuid]) s"
		" where s is not null group by 1, 2, 3)"
		" select count(*) from real full join tally t"
		" on (t.bucket, t.tenant_id, t.schedule_id) = (real.bucket, real.tenant_id, real.s)"
		" where (real.completed, real.failed, real.skipped, real.executed)"
		" is distinct from (t.completed, t.failed, t.skipped, t.executed)";
	int64_t twice = sql_number(c, "select count(*) - count(distinct id) from run_history", -1);
	int64_t slots = sql_number(
		c,
		"select count(*) - count(distinct (schedule_id, scheduled_for)) from run_history"
		" where schedule_id is not null",
		-1);
	int64_t wrong = sql_number(c, recount, -1), others;

	others = sql_number(c, "select count(*) from run_history where state not in (3, 7)", -1);
	verdict(c, twice == 0, "one row for each run: %lld more", (long long)twice);
	verdict(c, slots == 0, "P2 one run for each schedule and instant: %lld more",
		(long long)slots);
	verdict(c, wrong == 0, "C10 the totals agree with a recount: %lld do not",
		(long long)wrong);
	verdict(c, others == 0, "no run failed or expired: %lld did", (long long)others);
}

/* When a run that was due at `due` or before came again with a later token; 0: not such a one. */
static int64_t came_again(const struct chaos *c, const struct attempt *a, int64_t due)
{
	const struct run *run = run_find(a->id);
	const struct delivery *d = first_delivery(c, a->id), *end = c->deliveries + c->deliveries_n;

	if (!run || run->due > due)
		return 0;
	for (; d && d < end && strcmp(d->id, a->id) == 0; d++)
		if (d->token > a->token)
			return d->came;
	return 0;
}

/* When the lost attempts were on record, and when what was overdue then came again. */
static void check_takeover(struct chaos *c, const struct fault *f, int64_t until, int limit)
{
	int64_t first = INT64_MAX, last = f->begin;
	int lost = 0, again = 0;

	for (int i = 0; i < attempts_n; i++) {
		const struct attempt *a = &attempts[i];

		if (a->outcome != LOST || a->finished < f->begin || a->finished > until)
			continue;
		int64_t came = came_again(c, a, f->begin);

		lost++;
		first = a->finished < first ? a->finished : first;
		again += came != 0;
		last = came > last ? came : last;
	}
	if (lost)
		verdict(c, first - f->begin <= limit * 1000LL,
			"%s: %d attempts lost, taken over after %lld ms;"
			" the last of %d overdue came after %lld ms",
			f->what, lost, (long long)(first - f->begin) / 1000, again,
			(long long)(last - f->begin) / 1000);
}

static void check_takeovers(struct chaos *c)
{
	for (int i = 0; i < c->faults_n; i++) {
		const struct fault *f = &c->faults[i];
		int64_t until = i + 1 < c->faults_n ? f[1].begin : INT64_MAX;
		bool killed = strncmp(f->what, "kill -9 of server", 17) == 0;
		bool frozen = strncmp(f->what, "SIGSTOP", 7) == 0 && f->end - f->begin > LEASE;

		if (killed && until > f->begin + TAKEOVER_KILLED * 1000LL)
			check_takeover(c, f, until, TAKEOVER_KILLED);
		else if (frozen)
			check_takeover(c, f, until, TAKEOVER_FROZEN);
	}
}

void check_all(struct chaos *c)
{
	if (!read_tables(c)) {
		verdict(c, false, "the tables can be read");
		return;
	}
	qsort(c->deliveries, (size_t)c->deliveries_n, sizeof *c->deliveries, by_id_and_time);
	check_accepted(c);
	check_deliveries(c);
	check_times(c);
	check_quiet(c);
	check_attempts(c);
	check_schedules(c);
	check_totals(c);
	check_takeovers(c);
}
