/* Sums by the hour to the last 30 days, as a zone has them. */
#include "local_day.h"
#include "stats_int.h"

static int64_t rate_of(const struct stats_ended *e)
{
	int64_t all = e->completed + e->failed, rate;

	if (all == 0)
		return -1;
	rate = (e->completed * STATS_RATE_ONE + all / 2) / all;
	return rate == STATS_RATE_ONE && e->failed ? STATS_RATE_ONE - 1 : rate;
}

static void add_hour(struct stats_ended *to, const struct rollup_hour *h)
{
	to->completed += h->completed;
	to->failed += h->failed + h->expired;
	to->cancelled += h->cancelled;
	to->skipped += h->skipped;
}

void stats_fold(struct stats_window *window, struct stats_ended *days,
		const struct rollup_hour *hours, size_t n, const struct stats_today *today)
{
	struct tz_hint hint = { 0 };
	int32_t first = local_day(today->tz, today->now, &hint) - (STATS_DAYS - 1);
	int64_t ran = 0;
	usec_t took = 0;

	for (size_t i = 0; i < n; i++) {
		int32_t day = local_day(today->tz, hours[i].hour, &hint) - first;

		if (day < 0 || day >= STATS_DAYS)
			continue;
		add_hour(&window->ended, &hours[i]);
		add_hour(&days[day], &hours[i]);
		ran += hours[i].completed + hours[i].failed;
		took += hours[i].duration_us;
	}
	window->average = ran ? took / ran : USEC_NEVER;
	window->rate = rate_of(&window->ended);
}
