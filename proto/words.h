/* What the files share that parse and write values. Private to proto/. */
#ifndef PCP_WORDS_H
#define PCP_WORDS_H

#include "out.h"
#include "text.h"

/* What was typed, safe and short enough to stand in a sentence. */
struct pcp_quote {
	char text[96];
};
struct pcp_quote pcp_quote(const char *typed, size_t len);
struct pcp_quote pcp_quoted(const char *typed); /* all of it */
/* Cuts off what a limit of octets left of a last character. */
void pcp_end_whole(char *text);

/* What was typed without the blanks around it, *at octets on. False when it is longer than any word
 * that means something. */
struct pcp_word {
	char text[64];
};
bool pcp_word_of(const char *typed, struct pcp_word *word, size_t *at);

/* Decimal or 0x hexadecimal digits, to the end of the word. */
enum pcp_number { PCP_NUMBER_OK, PCP_NUMBER_NONE, PCP_NUMBER_TOO_LARGE };
enum pcp_number pcp_number_parse(const char *word, uint32_t max, uint32_t *value);
bool pcp_uint_parse(const char *typed, uint32_t max, uint32_t *value, struct pcp_why *why);
bool pcp_addr4_parse(const char *typed, uint8_t addr[4], struct pcp_why *why);

bool pcp_is_hex(char c);
unsigned pcp_hex_digit(char c);
/* The octet that one or two digits write. */
uint8_t pcp_hex_octet(const char *digits, size_t n);

/* Whether the text is octets as a program prints them: b'\x02\x00', []byte{0x2, 0x0}, [2, 0],
 * <Buffer 02 00>; and those octets, or why not. */
bool pcp_is_literal(const char *typed);
bool pcp_literal_parse(const char *typed, uint8_t *octets, size_t cap, size_t *len,
		       struct pcp_why *why);

/* pcp_node_text, pcp_node_typed, pcp_node_path and pcp_summary as pieces of a longer text. */
void pcp_out_node(struct pcp_out *out, const struct pcp_packet *packet, size_t node);
void pcp_out_typed(struct pcp_out *out, const struct pcp_packet *packet, size_t node);
/* Whether the two are the same, whatever a field of that kind holds. */
bool pcp_reads_as_typed(const struct pcp_field *field);
void pcp_out_path(struct pcp_out *out, const struct pcp_packet *packet, size_t node);
void pcp_out_summary(struct pcp_out *out, const struct pcp_packet *packet);
void pcp_out_safe(struct pcp_out *out, const uint8_t *octets, size_t len);
void pcp_out_addr(struct pcp_out *out, const uint8_t addr[PCP_ADDR_LEN]);
void pcp_out_addr4(struct pcp_out *out, const uint8_t addr[4]);
void pcp_out_addr6(struct pcp_out *out, const uint8_t addr[PCP_ADDR_LEN]); /* IPv4-mapped as IPv6 */
void pcp_out_seconds(struct pcp_out *out, uint32_t seconds);
void pcp_out_hex(struct pcp_out *out, const uint8_t *octets, size_t len);

#endif
