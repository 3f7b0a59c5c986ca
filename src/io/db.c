/* Arguments and rows in PostgreSQL's binary formats. A type is a row of one table: its oids, its
 * width in an array, and how one value is written; a scalar is written as an array element and
 * its length taken off. So an argument costs one allocation in the arena and one pass (texts:
 * two, the first adds up the lengths). */
#include "io/db.h"

#include <endian.h>
#include <limits.h>
#include <string.h>

#include "base/check.h"
#include "io_int.h"

#define EPOCH_2000 (946684800 * SEC) /* where PostgreSQL's timestamps begin */
#define ARRAY_HEAD 20                /* dimensions, null flag, element oid, size, lower bound */
#define HEAD 4                       /* the length ahead of an element */
#define ARGUMENT_MAX (256 << 20)

const int db_binary[DB_ARGS_MAX] = {
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
};

/* ---- writing one value: its length, its bytes; returns where the next one begins */

static char *put32(char *at, int32_t v)
{
	uint32_t big = htobe32((uint32_t)v);

	memcpy(at, &big, sizeof(big));
	return at + sizeof(big);
}

static char *put64(char *at, int64_t v)
{
	uint64_t big = htobe64((uint64_t)v);

	memcpy(at, &big, sizeof(big));
	return at + sizeof(big);
}

static char *put_null(char *at)
{
	return put32(at, -1);
}

static char *put_bool(char *at, const void *member)
{
	at = put32(at, 1);
	*at = *(const bool *)member ? 1 : 0;
	return at + 1;
}

static char *put_int2(char *at, const void *member)
{
	uint16_t big = htobe16((uint16_t) * (const int16_t *)member);

	at = put32(at, sizeof(big));
	memcpy(at, &big, sizeof(big));
	return at + sizeof(big);
}

static char *put_int4(char *at, const void *member)
{
	return put32(put32(at, 4), *(const int32_t *)member);
}

static char *put_int8(char *at, const void *member)
{
	return put64(put32(at, 8), *(const int64_t *)member);
}

static char *put_float8(char *at, const void *member)
{
	int64_t bits;

	memcpy(&bits, member, sizeof(bits));
	return put64(put32(at, 8), bits);
}

static char *put_bytes(char *at, const void *member)
{
	const struct slice *s = member;

	if (!s->p)
		return put_null(at);
	at = put32(at, (int32_t)s->n);
	memcpy(at, s->p, s->n);
	return at + s->n;
}

static char *put_uuid(char *at, const void *member)
{
	const struct uuid *id = member;

	if (id_is_nil(*id))
		return put_null(at);
	at = put32(at, sizeof(id->b));
	memcpy(at, id->b, sizeof(id->b));
	return at + sizeof(id->b);
}

/* Instants beyond PostgreSQL's range become its infinities. */
static char *put_timestamptz(char *at, const void *member)
{
	usec_t t = *(const usec_t *)member;

	if (t == USEC_NEVER)
		return put_null(at);
	if (__builtin_sub_overflow(t, EPOCH_2000, &t))
		t = INT64_MIN;
	return put64(put32(at, 8), t);
}

/* ---- the types */

static const struct codec {
	unsigned oid, array_oid;
	int width; /* bytes of a value, 0: a slice's */
	char *(*put)(char *at, const void *member);
} codecs[] = {
	[DB_BOOL] = { 16, 1000, 1, put_bool },
	[DB_INT2] = { 21, 1005, 2, put_int2 },
	[DB_INT4] = { 23, 1007, 4, put_int4 },
	[DB_INT8] = { 20, 1016, 8, put_int8 },
	[DB_TEXT] = { 25, 1009, 0, put_bytes },
	[DB_BYTEA] = { 17, 1001, 0, put_bytes },
	[DB_UUID] = { 2950, 2951, 16, put_uuid },
	[DB_TIMESTAMPTZ] = { 1184, 1185, 8, put_timestamptz },
	[DB_FLOAT8] = { 701, 1022, 8, put_float8 },
};
#define CODECS (sizeof(codecs) / sizeof(codecs[0]))
#define OID_JSON 114
#define OID_VARCHAR 1043

static const struct codec *codec_of(unsigned char type)
{
	ASSERT((type & (DB_ARRAY - 1u)) < CODECS && type < 2 * DB_ARRAY);
	return &codecs[type & (DB_ARRAY - 1u)];
}

unsigned db_oid(unsigned char type)
{
	const struct codec *codec = codec_of(type);

	return type & DB_ARRAY ? codec->array_oid : codec->oid;
}

bool db_oid_reads_as(unsigned oid, unsigned char type)
{
	if (type == DB_TEXT && (oid == OID_JSON || oid == OID_VARCHAR))
		return true;
	return oid == db_oid(type);
}

/* ---- arguments */

struct db_unit *db_unit_new(struct db *db, struct arena *arena, enum lane lane)
{
	struct db_unit *u = arena_make(arena, struct db_unit);

	CHECK_MAGIC(db, DB_MAGIC);
	ASSERT(lane < LANE_COUNT);
	u->magic = DB_UNIT_MAGIC;
	u->db = db;
	u->arena = arena;
	u->lane = lane;
	u->reads_only = lane == LANE_READ;
	return u;
}

static struct db_call *add_call(struct db_unit *u, const struct db_stmt *stmt)
{
	struct db_call *c;

	CHECK_MAGIC(u, DB_UNIT_MAGIC);
	CHECK_MAGIC(u->db, DB_MAGIC);
	ASSERT(!u->done);
	ASSERT(!u->last_call || u->last_call->ended);
	ASSERT(u->count < DB_UNIT_STMTS);
	ASSERT(stmt->args <= DB_ARGS_MAX);
	c = arena_make(u->arena, struct db_call);
	c->rows.stmt = stmt;
	c->values = arena_array(u->arena, const char *, (size_t)stmt->args);
	c->lengths = arena_array(u->arena, int, (size_t)stmt->args);
	if (u->last_call)
		u->last_call->next = c;
	else
		u->calls = c;
	u->last_call = c;
	u->count++;
	return c;
}

void db_begin(struct db_unit *u, int stmt)
{
	ASSERT(stmt >= 0 && stmt < u->db->count);
	add_call(u, &u->db->stmts[stmt]);
}

void db_text(struct db_unit *u, const char *sql)
{
	struct db_stmt *stmt = arena_make(u->arena, struct db_stmt);

	stmt->text = arena_dup(u->arena, sql, strlen(sql));
	add_call(u, stmt)->ended = true;
}

void db_end(struct db_unit *u)
{
	struct db_call *c = u->last_call;

	ASSERT(c && !c->ended);
	ASSERT(c->bound == c->rows.stmt->args);
	c->ended = true;
}

/* Takes the next argument's place; false claims about its type are our bug. */
static int next_argument(struct db_unit *u, unsigned char type)
{
	struct db_call *c = u->last_call;

	CHECK_MAGIC(u, DB_UNIT_MAGIC);
	ASSERT(c && !c->ended);
	ASSERT(c->bound < c->rows.stmt->args);
	ASSERT(c->rows.stmt->arg_types[c->bound] == type);
	return c->bound++;
}

static void bind_scalar(struct db_unit *u, enum db_type type, const void *value)
{
	const struct codec *codec = codec_of((unsigned char)type);
	int i = next_argument(u, (unsigned char)type);
	size_t n = codec->width ? (size_t)codec->width : ((const struct slice *)value)->n;
	char *at, *end;

	ASSERT(n <= ARGUMENT_MAX);
	at = arena_alloc(u->arena, HEAD + n);
	end = codec->put(at, value);
	if (*at & 0x80) /* the length is -1 */
		return;
	u->last_call->values[i] = at + HEAD;
	u->last_call->lengths[i] = (int)(end - at) - HEAD;
}

void db_bind_bool(struct db_unit *u, bool v)
{
	bind_scalar(u, DB_BOOL, &v);
}

void db_bind_int2(struct db_unit *u, int16_t v)
{
	bind_scalar(u, DB_INT2, &v);
}

void db_bind_int4(struct db_unit *u, int32_t v)
{
	bind_scalar(u, DB_INT4, &v);
}

void db_bind_int8(struct db_unit *u, int64_t v)
{
	bind_scalar(u, DB_INT8, &v);
}

void db_bind_float8(struct db_unit *u, double v)
{
	bind_scalar(u, DB_FLOAT8, &v);
}

void db_bind_text(struct db_unit *u, struct slice v)
{
	bind_scalar(u, DB_TEXT, &v);
}

void db_bind_bytea(struct db_unit *u, struct slice v)
{
	bind_scalar(u, DB_BYTEA, &v);
}

void db_bind_uuid(struct db_unit *u, struct uuid v)
{
	bind_scalar(u, DB_UUID, &v);
}

void db_bind_timestamptz(struct db_unit *u, usec_t v)
{
	bind_scalar(u, DB_TIMESTAMPTZ, &v);
}

static const void *member_of(const struct col *v, size_t i)
{
	return (const char *)v->records[i] + v->offset;
}

static size_t array_bytes(const struct codec *codec, const struct col *v)
{
	size_t n = ARRAY_HEAD + v->n * (HEAD + (size_t)codec->width);

	ASSERT(v->n <= ARGUMENT_MAX / HEAD);
	if (!codec->width)
		for (size_t i = 0; i < v->n; i++)
			n += ((const struct slice *)member_of(v, i))->n;
	ASSERT(n <= ARGUMENT_MAX);
	return n;
}

void db_bind_array(struct db_unit *u, enum db_type element, struct col v)
{
	const struct codec *codec = codec_of((unsigned char)element);
	int i = next_argument(u, (unsigned char)(DB_ARRAY | element));
	char *start, *at;
	int nulls = 0;

	ASSERT(v.records || v.n == 0);
	start = arena_alloc(u->arena, array_bytes(codec, &v));
	at = put32(start, v.n ? 1 : 0);
	at = put32(at, 0);
	at = put32(at, (int32_t)codec->oid);
	if (v.n) {
		at = put32(at, (int32_t)v.n);
		at = put32(at, 1);
	}
	for (size_t k = 0; k < v.n; k++) {
		char *end = codec->put(at, member_of(&v, k));

		nulls |= *at & 0x80;
		at = end;
	}
	put32(start + HEAD, nulls ? 1 : 0);
	u->last_call->values[i] = start;
	u->last_call->lengths[i] = (int)(at - start);
}

/* ---- rows */

const struct db_rows *db_rows(const struct db_unit *u, int i)
{
	const struct db_call *c;

	CHECK_MAGIC(u, DB_UNIT_MAGIC);
	ASSERT(i >= 0 && i < u->count);
	for (c = u->calls; i > 0; i--)
		c = c->next;
	return c->rows.result ? &c->rows : NULL;
}

int db_rows_count(const struct db_rows *rows)
{
	const char *changed;
	int n = 0;

	ASSERT(rows && rows->result);
	if (rows->stmt->columns)
		return PQntuples(rows->result);
	for (changed = PQcmdTuples(rows->result);
	     *changed >= '0' && *changed <= '9' && n < INT_MAX / 10 - 1; changed++)
		n = n * 10 + (*changed - '0');
	return n;
}

/* The bytes of one cell, NULL for null; of `width` bytes unless that is 0. */
static const char *cell(const struct db_rows *rows, int i, int column, unsigned char type)
{
	int width = codec_of(type)->width;

	ASSERT(rows && rows->result);
	ASSERT(column >= 0 && column < rows->stmt->columns);
	ASSERT(i >= 0 && i < PQntuples(rows->result));
	ASSERT(rows->stmt->row_types[column] == type);
	if (PQgetisnull(rows->result, i, column))
		return NULL;
	ASSERT(!width || PQgetlength(rows->result, i, column) == width);
	return PQgetvalue(rows->result, i, column);
}

static int64_t get64(const char *at)
{
	uint64_t big;

	memcpy(&big, at, sizeof(big));
	return (int64_t)be64toh(big);
}

bool db_get_bool(const struct db_rows *rows, int i, int column)
{
	const char *at = cell(rows, i, column, DB_BOOL);

	return at && *at;
}

int16_t db_get_int2(const struct db_rows *rows, int i, int column)
{
	const char *at = cell(rows, i, column, DB_INT2);
	uint16_t big = 0;

	if (at)
		memcpy(&big, at, sizeof(big));
	return (int16_t)be16toh(big);
}

int32_t db_get_int4(const struct db_rows *rows, int i, int column)
{
	const char *at = cell(rows, i, column, DB_INT4);
	uint32_t big = 0;

	if (at)
		memcpy(&big, at, sizeof(big));
	return (int32_t)be32toh(big);
}

int64_t db_get_int8(const struct db_rows *rows, int i, int column)
{
	const char *at = cell(rows, i, column, DB_INT8);

	return at ? get64(at) : 0;
}

double db_get_float8(const struct db_rows *rows, int i, int column)
{
	const char *at = cell(rows, i, column, DB_FLOAT8);
	int64_t bits = at ? get64(at) : 0;
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

static struct slice get_bytes(const struct db_rows *rows, int i, int column, enum db_type type)
{
	const char *at = cell(rows, i, column, (unsigned char)type);

	return (struct slice){ at, at ? (size_t)PQgetlength(rows->result, i, column) : 0 };
}

struct slice db_get_text(const struct db_rows *rows, int i, int column)
{
	return get_bytes(rows, i, column, DB_TEXT);
}

struct slice db_get_bytea(const struct db_rows *rows, int i, int column)
{
	return get_bytes(rows, i, column, DB_BYTEA);
}

struct uuid db_get_uuid(const struct db_rows *rows, int i, int column)
{
	const char *at = cell(rows, i, column, DB_UUID);
	struct uuid id = { { 0 } };

	if (at)
		memcpy(id.b, at, sizeof(id.b));
	return id;
}

/* 'infinity' is USEC_NEVER as null is; an instant that does not fit into usec_t is as good as
 * that. */
usec_t db_get_timestamptz(const struct db_rows *rows, int i, int column)
{
	const char *at = cell(rows, i, column, DB_TIMESTAMPTZ);
	int64_t t = at ? get64(at) : USEC_NEVER;

	if (t == INT64_MIN || t == USEC_NEVER)
		return t;
	return __builtin_add_overflow(t, EPOCH_2000, &t) ? USEC_NEVER : t;
}
