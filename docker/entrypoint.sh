#!/bin/sh
# Secrets come as files: for each NAME_FILE of these, NAME is the file's first line.
set -eu
for name in DATABASE_URL CARILLON_API_KEY CARILLON_LLM_KEY CARILLON_SMTP_URL; do
	eval "file=\${${name}_FILE:-}"
	if [ -n "$file" ]; then
		IFS= read -r value <"$file" || [ -n "$value" ]
		export "$name=$value"
		unset "${name}_FILE"
	fi
done
# In a compose file the password is a secret of its own, and the URL names the rest.
if [ -n "${PGPASSWORD_FILE:-}" ]; then
	IFS= read -r PGPASSWORD <"$PGPASSWORD_FILE" || [ -n "$PGPASSWORD" ]
	export PGPASSWORD
	unset PGPASSWORD_FILE
fi
exec carillon "$@"
