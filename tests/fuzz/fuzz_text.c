/* Anything typed or pasted, for every kind of field: taken within its bounds or refused with a
 * reason, and anything from the network made safe to show and read back the same. */
#include "fuzz.h"
#include "tiling.h"

static void check_safe(const uint8_t *data, size_t size)
{
	static const struct pcp_field text = { .key = "text", .kind = PCP_TEXT };
	char shown[4 * 2100 + 1], cut[64];
	uint8_t again[2100];
	size_t len;

	pcp_safe_text(data, size, shown, sizeof shown);
	expect(!text_fault(shown), "unsafe text");
	expect(pcp_parse_value(&text, shown, false, again, sizeof again, &len, NULL), "unreadable");
	expect(len == size && memcmp(again, data, size) == 0, "text that reads back otherwise");
	pcp_safe_text(data, size, cut, 1 + size % sizeof cut);
	expect(!text_fault(cut), "text cut inside a character");
	expect(strlen(cut) <= size % sizeof cut, "text too long");
}

static void check_field(const struct pcp_field *field, const char *typed, bool v4)
{
	struct pcp_why why = { .text = "" };
	uint8_t octets[1024];
	size_t len = 0;

	if (pcp_parse_value(field, typed, v4, octets, sizeof octets, &len, &why)) {
		expect(len <= sizeof octets, "too many octets");
		expect(field->len == 0 || len == field->len, "a fixed field of another length");
		return;
	}
	expect(why.text[0] && !text_fault(why.text), "refused without a fit reason");
	expect(why.at <= strlen(typed), "refused behind the end");
}

static void check_hex(const char *typed)
{
	uint8_t octets[700], again[700];
	char hex[2 * sizeof octets + 1];
	size_t len, len_again;
	struct pcp_why why;

	if (!pcp_hex_parse(typed, octets, sizeof octets, &len, &why)) {
		expect(!text_fault(why.text) && why.at <= strlen(typed), "refused badly");
		return;
	}
	pcp_hex_text(octets, len, hex, sizeof hex);
	expect(pcp_hex_parse(hex, again, sizeof again, &len_again, &why), "hex not read back");
	expect(len == len_again && memcmp(octets, again, len) == 0,
	       "hex that reads back otherwise");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char typed[2101];

	if (size > sizeof typed - 1)
		return 0;
	check_safe(data, size);
	if (size > 0)
		memcpy(typed, data, size);
	typed[size] = '\0';
	check_hex(typed);
	for (size_t i = 0; i < pcp_nlayouts; i++)
		for (size_t k = 0; k < pcp_layouts[i]->nfield; k++)
			if ((i + k) % 16 == size % 16) /* all of them each time would be slow */
				check_field(&pcp_layouts[i]->field[k], typed, i & 1);
	return 0;
}
