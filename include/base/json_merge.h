/* JSON Merge Patch (RFC 7396) on the text itself: a member that the patch does not name comes out with the bytes it
 * had, at any depth; numbers are never re-printed. Members keep their places; new ones follow in the patch's order. */
#ifndef BASE_JSON_MERGE_H
#define BASE_JSON_MERGE_H

#include "base/arena.h"
#include "base/slice.h"
#include "base/strbuf.h"

/* Members of a patch, at all depths; and as many of the objects in the target that it goes through. */
#define JSON_MERGE_MEMBERS_MAX 10000

/* Appends MergePatch(target, patch) to `out`. False: one of them is not what json_scan() lets pass (nesting
 * included), out's ceiling was passed (out->failed), or there are too many members. Time grows with the texts, memory
 * with what the patch names; what it needs meanwhile is in `a`. */
bool json_merge(struct slice target, struct slice patch, struct arena *a, struct strbuf *out);

#endif
