/* Marks around text: what they cost, opening and closing them. */
#include "channel/markup_int.h"

size_t out_units(const struct dialect *d, const char *p, size_t n)
{
	size_t sum = 0, step;
	uint32_t c;

	for (size_t i = 0; i < n; i += step) {
		step = rune_read(p + i, p + n, &c);
		if (d->unit == UNIT_BYTES)
			sum += step + (!d->json && (c == '"' || c == '\\' || c == '\n'));
		else
			sum += c > 0xffff ? 2 : 1;
	}
	return sum;
}

/* A mark, or other text of ours. */
size_t out_mark_cost(const struct dialect *d, const char *mark)
{
	if (!mark || (d->tags_free && *mark && strchr("<\"&", *mark)))
		return 0;
	return out_units(d, mark, strlen(mark));
}

void out_put_mark(struct out *o, const char *mark)
{
	if (!mark)
		return;
	strbuf_adds(&o->b, mark);
	o->used += out_mark_cost(o->d, mark);
}

bool out_fits(const struct out *o, size_t cost)
{
	return o->used + o->closing + cost <= o->budget;
}

/* --- marks --- */

struct slice out_url_written(const struct out *o, struct slice url)
{
	struct strbuf b;

	if (url.n == 0 || !o->d->entities || !memchr(url.p, '&', url.n))
		return url;
	strbuf_init(&b, 5 * url.n);
	for (size_t i = 0; i < url.n; i++)
		if (url.p[i] == '&')
			strbuf_adds(&b, "&amp;");
		else
			strbuf_addc(&b, url.p[i]);
	return text_take(&b, o->arena);
}

static size_t url_cost(const struct dialect *d, struct slice url)
{
	return d->tags_free ? 0 : out_units(d, url.p, url.n);
}

static size_t open_cost(const struct dialect *d, const struct wanted *w)
{
	if (w->mark != MARK_LINK)
		return out_mark_cost(d, d->marks[w->mark].open);
	return out_mark_cost(d, d->link[0]) + out_mark_cost(d, d->link[1])
	     + (d->url_first ? url_cost(d, w->url) : 0);
}

static size_t close_cost(const struct dialect *d, const struct wanted *w)
{
	if (w->mark != MARK_LINK)
		return out_mark_cost(d, d->marks[w->mark].close);
	return out_mark_cost(d, d->link[2]) + out_mark_cost(d, d->link[3])
	     + (d->url_first ? 0 : url_cost(d, w->url));
}

static void put_url(struct out *o, struct slice url)
{
	strbuf_add(&o->b, url.p, url.n);
	o->used += url_cost(o->d, url);
}

static void put_open(struct out *o, const struct wanted *w)
{
	o->open[o->open_n++] = *w;
	o->closing += close_cost(o->d, w);
	if (w->mark != MARK_LINK) {
		out_put_mark(o, o->d->marks[w->mark].open);
		return;
	}
	out_put_mark(o, o->d->link[0]);
	if (o->d->url_first)
		put_url(o, w->url);
	out_put_mark(o, o->d->link[1]);
}

void out_close_to(struct out *o, int n)
{
	while (o->open_n > n) {
		const struct wanted *w = &o->open[--o->open_n];

		o->closing -= close_cost(o->d, w);
		if (w->mark != MARK_LINK) {
			out_put_mark(o, o->d->marks[w->mark].close);
			o->was_closed = true;
			continue;
		}
		out_put_mark(o, o->d->link[2]);
		if (!o->d->url_first)
			put_url(o, w->url);
		out_put_mark(o, o->d->link[3]);
	}
}

bool out_wants(const struct out *o, enum mark mark)
{
	for (int i = 0; i < o->want_n; i++)
		if (o->want[i].mark == mark)
			return true;
	return false;
}

/* What of the wanted marks this platform can have here: each once, none in a link, none around code. */
static int possible(const struct out *o, struct wanted list[STACK])
{
	unsigned seen = 0;
	int n = 0;

	if (o->in_code && o->d->bare_code && !out_wants(o, MARK_LINK))
		return 0;
	for (int i = 0; i < o->want_n; i++) {
		enum mark mark = o->want[i].mark;

		if (seen & 1u << mark)
			continue;
		seen |= 1u << mark;
		list[n++] = o->want[i];
		if (mark == MARK_LINK && o->d->flat_links)
			break;
	}
	return n;
}

void plan_marks(struct out *o, uint32_t next, bool is_code, struct plan *out)
{
	int same = 0;

	out->count = possible(o, out->list);
	while (same < out->count && same < o->open_n && out->list[same].mark == o->open[same].mark
	       && out->list[same].url.p == o->open[same].url.p)
		same++;
	out->same = same;
	out_close_to(o, same);
	out->apart = o->d->lonely
		  && (same < out->count || is_code ? rune_is_word(o->last)
						   : o->was_closed && rune_is_word(next));
}

size_t plan_cost(const struct out *o, const struct plan *p)
{
	size_t cost = p->apart ? out_units(o->d, ZWSP, 3) : 0;

	for (int i = p->same; i < p->count; i++)
		cost += open_cost(o->d, &p->list[i]) + close_cost(o->d, &p->list[i]);
	return cost;
}

void plan_open(struct out *o, const struct plan *p)
{
	if (p->apart)
		out_put_mark(o, ZWSP);
	for (int i = p->same; i < p->count; i++)
		put_open(o, &p->list[i]);
	o->was_closed = false;
}
