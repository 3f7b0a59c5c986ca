/* A cron text read once more for its form: the parser keeps bits only, and in bits 1-5 and
 * MON-FRI and 1,2,3,4,5 are one. What is read here has passed the parser; a field that cannot be
 * read is said by its bits. */
#include "describe_int.h"

static const struct limit {
	int16_t first, last;
} limits[] = {
	[CRON_SECOND] = { 0, 59 },
	[CRON_MINUTE] = { 0, 59 },
	[CRON_HOUR] = { 0, 23 },
	[CRON_DAY_OF_MONTH] = { 1, 31 },
	[CRON_MONTH] = { 1, 12 },
	[CRON_DAY_OF_WEEK] = { 0, 6 },
	[CRON_YEAR] = { CRON_YEAR_MIN, CRON_YEAR_MAX },
};

_Static_assert(sizeof limits / sizeof limits[0] == CRON_FIELDS, "a row for every field");

enum { HASH_DAY_LAST = 28 }; /* of H in day of month */

struct reader {
	const char *p, *end;
	enum cron_field field;
};

static bool has_value(const struct cron *c, enum cron_field field, int v)
{
	unsigned year = (unsigned)(v - CRON_YEAR_MIN);

	switch (field) {
	case CRON_SECOND:
		return c->sec >> v & 1;
	case CRON_MINUTE:
		return c->min >> v & 1;
	case CRON_HOUR:
		return c->hour >> v & 1;
	case CRON_DAY_OF_MONTH:
		return c->dom >> v & 1;
	case CRON_MONTH:
		return c->mon >> v & 1;
	case CRON_DAY_OF_WEEK:
		return c->dow >> v & 1;
	default:
		return c->year[year / 64] >> year % 64 & 1;
	}
}

static void put(struct cron_said *f, struct cron_item item)
{
	if (f->n < CRON_ITEMS_MAX)
		f->item[f->n++] = item;
}

/* Values and runs of them. */
static void put_bits(struct cron_said *f, const struct cron *c, enum cron_field field)
{
	struct limit l = limits[field];

	for (int16_t v = l.first; v <= l.last; v++) {
		int16_t to = v;

		if (!has_value(c, field, v))
			continue;
		while (to < l.last && has_value(c, field, to + 1))
			to++;
		if (v == l.first && to == l.last) {
			put(f, (struct cron_item){ .kind = ITEM_STAR });
			return;
		}
		if (to - v + 1 < SAY_RUN_MIN)
			to = v;
		put(f, (struct cron_item){
			       .kind = to > v ? ITEM_RANGE : ITEM_VALUE, .a = v, .b = to });
		v = to;
	}
}

static bool take(struct reader *r, char want)
{
	if (r->p >= r->end || lower(*r->p) != want)
		return false;
	r->p++;
	return true;
}

static bool number_read(struct reader *r, int16_t *out_n)
{
	const char *first = r->p;
	int n = 0;

	for (; r->p < r->end && is_digit(*r->p); r->p++)
		n = n < 3000 ? n * 10 + (*r->p - '0') : n;
	*out_n = (int16_t)n;
	return r->p > first;
}

/* Three letters, and as much of the full name as is there: of FRIL the L stays. */
static bool name_takes(struct reader *r, const char *name)
{
	size_t n = 0, left = (size_t)(r->end - r->p);

	while (n < left && name[n] && lower(r->p[n]) == lower(name[n]))
		n++;
	if (n < 3)
		return false;
	r->p += name[n] ? 3 : n;
	return true;
}

static bool name_read(struct reader *r, int16_t *out_n)
{
	bool is_month = r->field == CRON_MONTH;
	const char *const *names = is_month ? say_months : say_weekdays;
	int16_t count = is_month ? 12 : 7;

	for (int16_t i = 0; i < count; i++)
		if (name_takes(r, names[i])) {
			*out_n = (int16_t)(i + is_month);
			return true;
		}
	return false;
}

static bool value_read(struct reader *r, int16_t *out_n)
{
	if (r->p < r->end && is_alpha(*r->p))
		return name_read(r, out_n);
	return number_read(r, out_n);
}

/* Nothing, or /s: `with` instead of the kind there was. */
static bool step_read(struct reader *r, struct cron_item *item, enum cron_item_kind with)
{
	if (!take(r, '/'))
		return true;
	item->kind = (uint8_t)with;
	return number_read(r, &item->step);
}

static bool hash_read(struct reader *r, struct cron_item *item)
{
	item->kind = ITEM_HASH;
	item->b = r->field == CRON_DAY_OF_MONTH ? HASH_DAY_LAST : limits[r->field].last;
	if (take(r, '(')
	    && !(number_read(r, &item->a) && take(r, '-') && number_read(r, &item->b)
		 && take(r, ')')))
		return false;
	return step_read(r, item, ITEM_HASH);
}

static bool last_read(struct reader *r, struct cron_item *item)
{
	if (take(r, '-') && !number_read(r, &item->a))
		return false;
	item->kind = take(r, 'w') ? ITEM_LAST_NEAR : ITEM_LAST;
	return true;
}

static bool valued_read(struct reader *r, struct cron_item *item)
{
	item->is_number = r->p < r->end && is_digit(*r->p);
	item->kind = ITEM_VALUE;
	if (!value_read(r, &item->a))
		return false;
	if (take(r, '-')) {
		item->kind = ITEM_RANGE;
		return value_read(r, &item->b) && step_read(r, item, ITEM_RANGE_STEP);
	}
	if (take(r, '#')) {
		item->kind = take(r, 'l') ? ITEM_NTH_LAST : ITEM_NTH;
		return item->kind == ITEM_NTH_LAST || number_read(r, &item->b);
	}
	if (take(r, 'l'))
		item->kind = ITEM_NTH_LAST;
	else if (take(r, 'w'))
		item->kind = ITEM_NEAR;
	return step_read(r, item, ITEM_OPEN);
}

static bool item_read(struct reader *r, struct cron_item *item)
{
	bool is_good;

	*item = (struct cron_item){ .kind = ITEM_STAR };
	if (take(r, '*'))
		is_good = step_read(r, item, ITEM_STEP);
	else if (take(r, '?'))
		is_good = true;
	else if (take(r, 'h'))
		is_good = hash_read(r, item);
	else if (r->field == CRON_DAY_OF_MONTH && take(r, 'l'))
		is_good = last_read(r, item);
	else
		is_good = valued_read(r, item);
	return is_good && r->p == r->end;
}

/* Day of the week: 7 is Sunday, 0-7 the whole week, 5-5 a day. */
static void weekday_fold(struct cron_item *item)
{
	bool is_range = item->kind == ITEM_RANGE || item->kind == ITEM_RANGE_STEP;

	if (is_range && item->a == 0 && item->b == 7)
		item->b = 6;
	if (item->kind != ITEM_NTH)
		item->b %= 7;
	item->a %= 7;
	if (is_range && item->a == item->b)
		item->kind = ITEM_VALUE;
}

/* H by itself, from the bits. */
static void hash_settle(struct cron_item *item, const struct cron *c, enum cron_field field)
{
	int16_t v = limits[field].first, bits = 0;

	for (int16_t i = limits[field].last; i >= limits[field].first; i--)
		if (has_value(c, field, i)) {
			v = i;
			bits++;
		}
	bool is_whole = item->b == limits[field].last && item->a <= limits[field].first;

	item->kind = bits == 1 ? ITEM_VALUE : is_whole ? ITEM_OPEN : ITEM_RANGE_STEP;
	item->a = v;
}

/* 0/5 is a stepped star; 5/2 in a month is 5-12/2, if it is not in a list. */
static void open_fold(struct cron_item *item, enum cron_field field, bool is_alone)
{
	bool is_month = field == CRON_MONTH,
	     is_named = field == CRON_DAY_OF_WEEK || field == CRON_YEAR;
	bool is_first = item->a == limits[field].first && !is_named;

	if (is_first && (!is_month || item->is_number))
		item->kind = ITEM_STEP;
	else if (is_alone && (is_month || is_named)) {
		item->kind = ITEM_RANGE_STEP;
		item->b = limits[field].last;
	}
}

/* The forms that say the same, folded as cronstrue does; a star in a list is a range. */
static void item_fold(struct cron_item *item, enum cron_field field, bool is_alone)
{
	struct limit l = limits[field];

	if (item->kind == ITEM_OPEN)
		open_fold(item, field, is_alone);
	if (item->kind == ITEM_STEP && item->step == 1)
		item->kind = ITEM_STAR;
	if (item->kind == ITEM_STAR && !is_alone)
		*item = (struct cron_item){ .kind = ITEM_RANGE, .a = l.first, .b = l.last };
}

static bool is_special(const struct cron_item *item)
{
	return item->kind > ITEM_HASH;
}

/* Ascending if all are numbers, else as written; specials behind the others, nth before last. */
static void field_sort(struct cron_said *f)
{
	bool is_plain = true;

	for (unsigned i = 0; i < f->n; i++)
		is_plain = is_plain && f->item[i].kind == ITEM_VALUE && f->item[i].is_number;
	for (unsigned i = 1; i < f->n; i++) {
		struct cron_item it = f->item[i];
		unsigned j = i;

		for (; j > 0; j--) {
			const struct cron_item *o = &f->item[j - 1];
			bool swaps = is_plain ? o->a > it.a : is_special(o) && o->kind > it.kind;

			if (!swaps)
				break;
			f->item[j] = *o;
		}
		f->item[j] = it;
	}
}

/* H among others: the values it chose cannot be told from theirs, so all are said. */
static void hash_spread(struct cron_said *f, const struct cron *c, enum cron_field field)
{
	struct cron_said g = { .text = f->text };

	put_bits(&g, c, field);
	for (unsigned i = 0; i < f->n; i++)
		if (is_special(&f->item[i]))
			put(&g, f->item[i]);
	*f = g;
}

static bool items_read(struct cron_said *f, struct slice text, enum cron_field field)
{
	const char *p = text.p, *stop = text.p + text.n;

	for (;;) {
		const char *comma = memchr(p, ',', (size_t)(stop - p));
		struct reader r = { p, comma ? comma : stop, field };
		struct cron_item item;

		if (f->n == CRON_ITEMS_MAX || !item_read(&r, &item))
			return false;
		put(f, item);
		if (!comma)
			return true;
		p = comma + 1;
	}
}

static void items_settle(struct cron_said *f, const struct cron *c, enum cron_field field)
{
	bool has_hash = false;

	for (unsigned i = 0; i < f->n; i++)
		has_hash = has_hash || f->item[i].kind == ITEM_HASH;
	if (has_hash && f->n > 1)
		hash_spread(f, c, field);
	else if (has_hash)
		hash_settle(&f->item[0], c, field);
	field_sort(f);
	for (unsigned i = 0; i < f->n; i++) {
		if (field == CRON_DAY_OF_WEEK)
			weekday_fold(&f->item[i]);
		item_fold(&f->item[i], field, f->n == 1);
	}
}

static void field_read(struct cron_said *f, const struct cron *c, enum cron_field field)
{
	struct slice text = f->text;

	if (text.n > 0 && text.p[0] == '+') {
		text.p++;
		text.n--;
	}
	if (text.p && items_read(f, text, field)) {
		items_settle(f, c, field);
		return;
	}
	f->n = 0;
	if (field == CRON_YEAR && !text.p) /* its bits are those with a date */
		put(f, (struct cron_item){ .kind = ITEM_STAR });
	else
		put_bits(f, c, field);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The words between blanks, a TZ= in front taken off. At most CRON_FIELDS + 1. */
static unsigned words_split(struct slice text, struct slice *out_word, struct slice *out_zone)
{
	const char *p = text.p, *end = text.p + text.n;
	unsigned n = 0;

	while (p < end && n <= CRON_FIELDS) {
		const char *first = p;

		while (p < end && !is_blank(*p))
			p++;
		struct slice word = { first, (size_t)(p - first) };
		const char *equals = word.n > 0 ? memchr(word.p, '=', word.n) : NULL;

		if (equals && n == 0)
			*out_zone = (struct slice){ equals + 1, (size_t)(p - equals - 1) };
		else if (word.n > 0)
			out_word[n++] = word;
		while (p < end && is_blank(*p))
			p++;
	}
	return n;
}

/* Unrestricted (C6); a macro is said by its bits. */
static bool is_free(const struct cron_said *f)
{
	if (!f->text.p)
		return f->item[0].kind == ITEM_STAR;
	return f->text.n == 1 && (f->text.p[0] == '*' || f->text.p[0] == '?');
}

/* A day field of every day that is nevertheless restricted (C6): with another, either matches. */
static void day_unfold(struct cron_said *f, enum cron_field field)
{
	if (f->n == 1 && f->item[0].kind == ITEM_STAR)
		item_fold(&f->item[0], field, false);
}

/* Gives every field its word; no word: the text is none of fields. */
static void fields_place(struct cron_text *out, struct slice text)
{
	struct slice word[CRON_FIELDS + 1] = { { NULL, 0 } };
	unsigned n = text.p ? words_split(text, word, &out->zone) : 0;
	unsigned first = n == 5 ? CRON_MINUTE : CRON_SECOND;

	if (n < 5 || n > CRON_FIELDS) {
		out->macro = word[0];
		return;
	}
	for (unsigned i = 0; i < n; i++)
		out->field[first + i].text = word[i];
}

void cron_text_read(const struct cron *c, struct slice text, struct cron_text *out)
{
	struct cron_said *dom = &out->field[CRON_DAY_OF_MONTH];
	struct cron_said *dow = &out->field[CRON_DAY_OF_WEEK];

	*out = (struct cron_text){ .is_and = false };
	fields_place(out, text);
	for (unsigned i = 0; i < CRON_FIELDS; i++)
		field_read(&out->field[i], c, i);
	out->is_dom_free = is_free(dom);
	out->is_dow_free = is_free(dow);
	out->is_and = dow->text.p && dow->text.p[0] == '+';
	if (out->is_dom_free || out->is_dow_free || out->is_and)
		return;
	day_unfold(dom, CRON_DAY_OF_MONTH);
	day_unfold(dow, CRON_DAY_OF_WEEK);
}
