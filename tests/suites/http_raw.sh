#!/bin/bash
# The http layer byte by byte: hostile framing, deadlines, ceilings, pipelining, drain. No database.
set -eu
exec timeout --kill-after=10 300 "${BUILD_DIR:?}/t_http_raw"
