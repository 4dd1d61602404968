/* SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash for short messages, which nobody without
 * the key can make. */
#ifndef SIPHASH_H
#define SIPHASH_H

#include <stddef.h>
#include <stdint.h>

enum { SIPHASH_KEY_LEN = 16 };

uint64_t siphash(const uint8_t key[SIPHASH_KEY_LEN], const uint8_t *octets, size_t len);

#endif
