/* The little cryptography there is, all of it OpenSSL's. */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define SHA256_BYTES 32
#define BASE64_MAX(bytes) (((bytes) + 2) / 3 * 4 + 1)

void crypto_random(void *out, size_t n); /* die() when the system has none */
void crypto_sha256(struct slice data, uint8_t out[SHA256_BYTES]);
/* Over several pieces, each behind its length (8 bytes, an absent one all ones): nothing can move from one
 * into another. */
void crypto_sha256_of(const struct slice *pieces, int count, uint8_t out[SHA256_BYTES]);
/* HMAC over several pieces as if they were one. */
void crypto_hmac_sha256(struct slice key, const struct slice *pieces, int count, uint8_t out[SHA256_BYTES]);
/* Standard Webhooks 1.0: "v1," and the base64 of the HMAC-SHA256 of the pieces (id, ".", timestamp, ".",
 * body). The secret is "whsec_" and base64, or is the key itself. */
#define WEBHOOK_SIGNATURE_MAX (3 + BASE64_MAX(SHA256_BYTES))
void crypto_sign_webhook(struct slice secret, const struct slice *pieces, int count, char out[WEBHOOK_SIGNATURE_MAX]);
bool crypto_equal(const void *a, const void *b, size_t n); /* constant time */
size_t crypto_base64(const void *bytes, size_t n, char *out); /* NUL-terminated; returns the length */
bool crypto_unbase64(struct slice text, void *out, size_t max, size_t *out_n);
void crypto_hex(const void *bytes, size_t n, char *out); /* 2n + NUL, lower case */
uint32_t crypto_crc32(struct slice data);

#endif
