/* Health, metrics and the API document. */
#include "api/ops.h"

#include "base/check.h"
#include "base/metric.h"

#define DOCUMENT_MAX (4u << 20)

static const struct ops_check *checks;
static int checks_count;
static struct strbuf document;

static int print_live(void *ctx, bool verbose, struct strbuf *out)
{
	(void)ctx;
	(void)verbose;
	strbuf_adds(out, "{\"status\":\"alive\"}\n");
	return 200;
}

/* The list, and whether all is fine; without ?verbose only what is not fine is listed. */
static int print_ready(void *ctx, bool verbose, struct strbuf *out)
{
	struct strbuf list;
	bool is_ready = true;

	(void)ctx;
	strbuf_init(&list, 64 * 1024);
	for (int i = 0; i < checks_count; i++) {
		char detail[128] = "";
		bool is_fine = checks[i].is_fine(checks[i].ctx, detail, sizeof(detail));

		is_ready &= is_fine;
		if (is_fine && !verbose)
			continue;
		strbuf_addf(&list, "%s{\"name\":\"%s\",\"status\":\"%s\"", list.n ? "," : "",
			    checks[i].name, is_fine ? "ok" : "failed");
		if (detail[0]) {
			strbuf_adds(&list, ",\"detail\":");
			strbuf_add_json(&list, slice_of(detail));
		}
		strbuf_addc(&list, '}');
	}
	strbuf_addf(out, "{\"status\":\"%s\"", is_ready ? "ready" : "not_ready");
	if (list.n)
		strbuf_addf(out, ",\"checks\":[%s]", list.p);
	strbuf_adds(out, "}\n");
	strbuf_release(&list);
	return is_ready ? 200 : 503;
}

static int print_metrics(void *ctx, bool verbose, struct strbuf *out)
{
	(void)ctx;
	(void)verbose;
	metric_print(out);
	return 200;
}

static int print_document(void *ctx, bool verbose, struct strbuf *out)
{
	(void)ctx;
	(void)verbose;
	strbuf_add(out, document.p, document.n);
	return 200;
}

void ops_add_pages(struct http *h, const struct ops_check *list, int count,
		   const struct dialect *const *dialects, int dialects_count)
{
	static const struct page pages[] = {
		{ "/livez", print_live, "application/json", NULL },
		{ "/readyz", print_ready, "application/json", NULL },
		{ "/metrics", print_metrics, "text/plain; version=0.0.4; charset=utf-8", NULL },
		{ "/openapi.json", print_document, "application/json", NULL },
	};

	checks = list;
	checks_count = count;
	strbuf_init(&document, DOCUMENT_MAX);
	openapi_print(dialects, dialects_count, &document);
	ASSERT(!document.failed);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		http_add_page(h, &pages[i]);
}
