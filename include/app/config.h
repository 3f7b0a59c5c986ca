/* The settings: one table in config.c, read from the environment, printed by `carillon config`. */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

#define CONFIG_SETTINGS_MAX 32

enum config_origin { ORIGIN_DEFAULT, ORIGIN_ENVIRONMENT, ORIGIN_FILE };
enum config_log { CONFIG_LOG_AUTO, CONFIG_LOG_TEXT, CONFIG_LOG_JSON };

/* Texts are kept for the life of the process; NULL: not set. */
struct config {
	const char *database_url, *data_dir, *listen, *public_url, *api_key;
	int64_t lookahead, catchup_window, retention_days, request_rate; /* seconds, seconds, days, a minute */
	int64_t audit_days;
	int64_t auth_failures, quota_schedules, quota_min_interval, quota_payload; /* a minute, -, seconds, bytes */
	bool allow_private;
	const char *llm_url, *llm_model, *llm_key, *default_agent_url, *smtp_url, *smtp_from;
	const char *secret_key_file;
	int log, log_level; /* enum config_log, enum log_level */
	/* CARILLON_LISTEN taken apart */
	char address[64];
	int port;
	enum config_origin origins[CONFIG_SETTINGS_MAX]; /* by the rows of the table */
};

/* From "NAME=value" strings, the last of them NULL. False with a sentence for people: a bad
 * value, a file that cannot be read, a CARILLON_ name that does not exist. */
bool config_load(const char *const *environment, struct config *out, char *why, size_t why_max);
/* Every setting with its value, where it comes from and what it means; secrets are masked. */
void config_print(const struct config *c, struct strbuf *out);
/* The same as a Markdown table of names, defaults and meanings: the README's. */
void config_print_table(struct strbuf *out);

#endif
