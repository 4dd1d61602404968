/* Values as people type and read them. Nothing here keeps state; the caller supplies every buffer.
 */
#ifndef PCPSCOPE_TEXT_H
#define PCPSCOPE_TEXT_H

#include "edit.h"

#pragma GCC visibility push(default) /* the library exports what follows */
#ifdef __cplusplus
extern "C" {
#endif

enum { PCP_ADDR_TEXT = 64 }; /* room for any address, with scope and port */

/* What stands behind the name of `n` things: "" for one, "s" for none and for more. */
const char *pcp_s(uint64_t n);

/* Fills *why, unless it is NULL; always false, so that a parser can end in it. `at`: offset of what
 * is wrong in what was typed. The format makes a sentence that says what was wrong and what is
 * allowed. */
bool pcp_refuse(struct pcp_why *why, size_t at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same where memory is out: PCP_WHY_MEMORY. */
bool pcp_no_memory(struct pcp_why *why);

/* ::ffff:0:0/96, compared in all 96 bits (RFC 6887 5). */
bool pcp_addr_is_v4(const uint8_t addr[PCP_ADDR_LEN]);
/* :: or ::ffff:0.0.0.0 */
bool pcp_addr_is_any(const uint8_t addr[PCP_ADDR_LEN]);
/* fe80::/10. */
bool pcp_addr_is_link_local(const uint8_t addr[PCP_ADDR_LEN]);
/* 127.0.0.0/8 or ::1 */
bool pcp_addr_is_loopback(const uint8_t addr[PCP_ADDR_LEN]);
void pcp_addr_any(uint8_t addr[PCP_ADDR_LEN], bool v4);
/* RFC 5952 text; IPv4-mapped as dotted quad. */
size_t pcp_addr_text(const uint8_t addr[PCP_ADDR_LEN], char *buf, size_t cap);
/* "192.0.2.1", "2001:db8::1"; "any"/"any4"/"0.0.0.0" and "any6"/"::" for the two zero addresses. */
bool pcp_addr_parse(const char *typed, uint8_t addr[PCP_ADDR_LEN], struct pcp_why *why);

/* "90", "90s", "2h", "1d12h", "infinite" -> seconds. */
bool pcp_seconds_parse(const char *typed, uint32_t *seconds, struct pcp_why *why);
/* 3725 -> "1:02:05"; over a day "2d 1:02:05". */
size_t pcp_seconds_text(uint32_t seconds, char *buf, size_t cap);
/* "02 81 00", "0281:00", "0x0281", hexdump with offsets and text column: hex as people paste it.
 * Octets as Go, JavaScript, Rust and Python print them are taken too. */
bool pcp_hex_parse(const char *typed, uint8_t *octets, size_t cap, size_t *len,
		   struct pcp_why *why);
size_t pcp_hex_text(const uint8_t *octets, size_t len, char *buf, size_t cap);

/* Octets from the network as printable UTF-8: valid printable characters kept, all else (controls,
 * escape, bidirectional and invisible marks, combining marks with nothing to stand on, broken
 * UTF-8, unassigned) as \xNN, so that PCP_TEXT typed so is the same octets. cap >= 1; returns
 * octets written, never cutting a character or an escape. */
size_t pcp_safe_text(const uint8_t *octets, size_t len, char *buf, size_t cap);
/* A sentence with strings in it that came from anywhere, as a line for a terminal: as above, but a
 * backslash, a tab and a newline stay, so that doing it twice changes nothing. Length as snprintf.
 */
size_t pcp_safe_line(const char *line, char *buf, size_t cap);
bool pcp_utf8_valid(const uint8_t *octets, size_t len);

/* A field's typed value as octets (at most cap), by its kind: numbers (decimal, 0x hex), names of
 * field->names, durations, addresses, prefix lengths (with the family of v4: 0-32 means 96+n), hex,
 * text (as is; \xNN escapes), lists of option codes or names separated by / or comma. */
bool pcp_parse_value(const struct pcp_field *field, const char *typed, bool v4, uint8_t *octets,
		     size_t cap, size_t *len, struct pcp_why *why);
/* The family that counts for a leaf's value: whether the address that follows it in its branch is
 * IPv4, or failing that, the client address of the request's header. */
bool pcp_node_v4(const struct pcp_packet *packet, size_t node);
/* What a person would type to get the leaf's value back: pcp_parse_value of it is the same octets.
 */
size_t pcp_node_typed(const struct pcp_packet *packet, size_t node, char *buf, size_t cap);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
