#!/bin/bash
# Each word of the tables of codes is asserted in a story (that it holds there is for the suite of stories to say): a word
# without one fails here, and so does a word that is no longer what a story expects.
set -u
cd "$(dirname "$0")/../.." || exit 2
exec scripts/check_codes.pl provoked
