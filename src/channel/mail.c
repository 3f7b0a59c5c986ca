/* A mail: RFC 5322 headers, multipart/alternative of text and HTML (2046), quoted-printable (2045),
 * encoded words (2047). No byte of the input reaches a header but through these. */
#include <stdio.h>
#include <time.h>

#include "base/crypto.h"
#include "channel/channel_int.h"

enum {
	LINE_MAX_QP = 76,
	WORD_BYTES = 42 /* base64 makes 56 of them, with its frame 68 of 75 */,
	HEX_BYTES = 12
};

struct from {
	struct slice name, address;
};

static bool is_plain_ascii(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	return true;
}

/* --- headers --- */

/* Chunks of whole characters, each a word, folded. */
static void add_encoded(struct strbuf *b, struct slice text)
{
	char base64[BASE64_MAX(WORD_BYTES)];
	uint32_t c;

	for (size_t i = 0; i < text.n;) {
		size_t n = 0, step;

		while (i + n < text.n) {
			step = rune_read(text.p + i + n, text.p + text.n, &c);
			if (n + step > WORD_BYTES)
				break;
			n += step;
		}
		crypto_base64(text.p + i, n, base64);
		strbuf_addf(b, "%s=?UTF-8?B?%s?=", i ? "\r\n " : "", base64);
		i += n;
	}
}

static void add_subject(struct strbuf *b, struct slice title)
{
	strbuf_adds(b, "Subject: ");
	if (is_plain_ascii(title) && title.n <= 66 && !memmem(title.p, title.n, "=?", 2))
		strbuf_add(b, title.p, title.n);
	else
		add_encoded(b, title);
	strbuf_adds(b, "\r\n");
}

static void add_from(struct strbuf *b, const struct from *from)
{
	strbuf_adds(b, "From: ");
	if (from->name.n && (!is_plain_ascii(from->name) || from->name.n > 60)) {
		add_encoded(b, from->name);
		strbuf_adds(b, "\r\n ");
	} else if (from->name.n) {
		strbuf_addc(b, '"');
		for (size_t i = 0; i < from->name.n; i++) {
			if (strchr("\"\\", from->name.p[i]))
				strbuf_addc(b, '\\');
			strbuf_addc(b, from->name.p[i]);
		}
		strbuf_adds(b, "\" ");
	}
	strbuf_addf(b, "<%.*s>\r\n", SLICE_ARG(from->address));
}

static void add_date(struct strbuf *b, usec_t now)
{
	static const char days[] = "SunMonTueWedThuFriSat",
			  months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t at = (time_t)(now / SEC);
	struct tm t;

	gmtime_r(&at, &t);
	strbuf_addf(b, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n", days + 3 * t.tm_wday,
		    t.tm_mday, months + 3 * t.tm_mon, t.tm_year + 1900, t.tm_hour, t.tm_min,
		    t.tm_sec);
}

static void hex_of(struct slice id, const char *use, char hex[2 * HEX_BYTES + 1])
{
	struct slice pieces[] = { id };
	uint8_t hash[SHA256_BYTES];

	crypto_hmac_sha256(slice_of(use), pieces, 1, hash);
	crypto_hex(hash, HEX_BYTES, hex);
}

static void add_message_id(struct strbuf *b, struct slice id, struct slice address)
{
	const char *at = memchr(address.p, '@', address.n);
	struct slice domain = { at + 1, address.n - (size_t)(at - address.p) - 1 };
	char hex[2 * HEX_BYTES + 1];

	hex_of(id, "message-id", hex);
	if (!text_is_of(id, "_-") || id.n > 128)
		id = slice_of(hex);
	strbuf_addf(b, "Message-ID: <%.*s@%.*s>\r\n", SLICE_ARG(id), SLICE_ARG(domain));
}

/* --- bodies --- */

/* Is this byte to be =XX? Blanks at a line's end are, and a '.' that begins a line, which some mend wrongly. */
static bool is_quoted(struct slice text, size_t i, size_t column)
{
	unsigned char c = (unsigned char)text.p[i];
	bool last = i + 1 == text.n || text.p[i + 1] == '\n';

	if (c == ' ' || c == '\t')
		return last;
	return c < ' ' || c > '~' || c == '=' || (c == '.' && column == 0);
}

static const char *quoted_of(unsigned char c, char room[3])
{
	static const char hex[] = "0123456789ABCDEF";

	room[0] = '=';
	room[1] = hex[c >> 4];
	room[2] = hex[c & 15];
	return room;
}

static void add_quoted(struct strbuf *b, struct slice text)
{
	size_t column = 0;
	char room[3];

	for (size_t i = 0; i < text.n; i++) {
		bool quoted;

		if (text.p[i] == '\n') {
			strbuf_adds(b, "\r\n");
			column = 0;
			continue;
		}
		/* 75 and the '=' of a soft break. */
		if (column + (is_quoted(text, i, column) ? 3 : 1) > LINE_MAX_QP - 1) {
			strbuf_adds(b, "=\r\n");
			column = 0;
		}
		quoted = is_quoted(text, i, column);
		if (quoted)
			strbuf_add(b, quoted_of((unsigned char)text.p[i], room), 3);
		else
			strbuf_addc(b, text.p[i]);
		column += quoted ? 3 : 1;
	}
	strbuf_adds(b, "\r\n");
}

static void add_part(struct strbuf *b, const char *boundary, const char *type, struct slice text)
{
	strbuf_addf(
		b,
		"--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
		boundary, type);
	add_quoted(b, text);
}

/* --- */

static struct from from_of(struct slice text)
{
	const char *open = text.n ? memchr(text.p, '<', text.n) : NULL;
	struct from from = { { 0 }, text };

	if (!open || text.p[text.n - 1] != '>')
		return from;
	from.address = (struct slice){ open + 1, (size_t)(text.p + text.n - open) - 2 };
	from.name = (struct slice){ text.p, (size_t)(open - text.p) };
	while (from.name.n && from.name.p[from.name.n - 1] == ' ')
		from.name.n--;
	if (from.name.n > 1 && from.name.p[0] == '"' && from.name.p[from.name.n - 1] == '"')
		from.name = (struct slice){ from.name.p + 1, from.name.n - 2 };
	return from;
}

static void add_message(struct making *m, struct strbuf *b, const struct from *from)
{
	const struct content *c = m->content;
	struct slice title = text_line(c->title, 200, m->arena), text, html;
	char boundary[2 * HEX_BYTES + 1];
	bool was_cut;

	html = making_text(m, &dialect_html);
	html = slice_of(arena_printf(
		m->arena, "<!DOCTYPE html>\n<html><body>\n%.*s\n</body></html>", SLICE_ARG(html)));
	text = markup_write(&dialect_plain, c, m->arena, &was_cut);
	m->post->was_cut |= was_cut;
	hex_of(c->message_id, "boundary", boundary);
	add_from(b, from);
	strbuf_addf(b, "To: <%.*s>\r\n", SLICE_ARG(m->channel->to));
	add_subject(b, title.n ? title : SLICE_LIT("(no subject)"));
	add_date(b, c->now);
	add_message_id(b, c->message_id, from->address);
	strbuf_addf(b,
		    "MIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"
		    "Content-Type: multipart/alternative; boundary=\"=_%s\"\r\n\r\n",
		    boundary);
	add_part(b, arena_printf(m->arena, "=_%s", boundary), "text/plain", text);
	add_part(b, arena_printf(m->arena, "=_%s", boundary), "text/html", html);
	strbuf_addf(b, "--=_%s--\r\n", boundary);
}

bool mail_build(struct making *m)
{
	const struct credentials *cred = m->cred;
	struct from from = from_of(text_line(cred->from, 320, m->arena));
	struct strbuf b;

	if (cred->smtp_url.n == 0)
		return making_fails(m, "There is no mail server: email needs smtp_url.");
	if (!address_is_valid(from.address))
		return making_fails(m, "There is no sender: email needs from.");
	if (!address_is_valid(m->channel->to))
		return making_fails(m, platform_rows[PLATFORM_EMAIL].to_expected);
	strbuf_init(&b, 16 << 20);
	add_message(m, &b, &from);
	m->post->is_mail = true;
	m->post->url = arena_dup(m->arena, cred->smtp_url.p, cred->smtp_url.n);
	m->post->mail_from = arena_dup(m->arena, from.address.p, from.address.n);
	m->post->mail_to = arena_dup(m->arena, m->channel->to.p, m->channel->to.n);
	m->post->body = text_take(&b, m->arena);
	return true;
}

/* RFC 5321 4.2.1: 4yz may be tried again, 5yz may not. */
void mail_judge(const struct post_answer *answer, struct arena *a, struct post_meaning *out)
{
	int s = answer->status;

	*out = (struct post_meaning){ .retry_after = answer->retry_after };
	if (s >= 200 && s < 300)
		return;
	out->end = s >= 500 && s < 600 ? POST_REFUSED : POST_RETRY;
	out->error = slice_of(s ? arena_printf(a, "smtp_%d", s) : "no_answer");
	judge_words((struct slice){ 0 }, answer->body, a, out);
}
