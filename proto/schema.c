/* Finding a row, and reading and writing what it describes: see schema.h. */
#include "schema.h"

#include <string.h>

#include "layout-rows.h"

#define POINTER(id) &pcp_layout_##id,
const struct pcp_layout *const pcp_layouts[] = { PCP_LAYOUTS(POINTER) };
const size_t pcp_nlayouts = sizeof pcp_layouts / sizeof pcp_layouts[0];

_Static_assert(PCP_IN_ANY < PCP_REQ, "the opcodes have outgrown their bits of `where`");

enum {
	OPCODES = PCP_IN_ANY,
	DIRECTIONS = PCP_REQ | PCP_RESP,
	VERSIONS = PCP_V0 | PCP_V1 | PCP_V2,
};

static unsigned field_shift(const struct pcp_field *field)
{
	unsigned shift = 0;

	if (field->mask)
		while (!(field->mask >> shift & 1))
			shift++;
	return shift;
}

uint32_t pcp_get_at(const struct pcp_field *field, const uint8_t *octets, size_t len)
{
	uint32_t value = 0;

	if (len == 1)
		value = octets[0];
	else if (len == 2)
		value = (uint32_t)octets[0] << 8 | octets[1];
	else if (len == 4)
		value = (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 |
			(uint32_t)octets[2] << 8 | octets[3];
	else
		for (size_t i = 0; i < len; i++)
			value = value << 8 | octets[i];
	return field->mask ? (value & field->mask) >> field_shift(field) : value;
}

void pcp_put_at(const struct pcp_field *field, uint8_t *octets, size_t len, uint32_t value)
{
	uint32_t mask = field->mask ? field->mask : UINT32_MAX;

	value = value << field_shift(field) & mask;
	while (len-- > 0) {
		octets[len] = (uint8_t)((octets[len] & ~mask) | (value & 0xff));
		value >>= 8;
		mask >>= 8;
	}
}

uint32_t pcp_field_max(const struct pcp_field *field)
{
	if (field->mask)
		return field->mask >> field_shift(field);
	return field->len == 0 || field->len >= 4 ? UINT32_MAX
						  : (UINT32_C(1) << 8 * field->len) - 1;
}

uint32_t pcp_get(const struct pcp_field *field, const uint8_t *layout)
{
	return pcp_get_at(field, layout + field->off, field->len);
}

void pcp_put(const struct pcp_field *field, uint8_t *layout, uint32_t value)
{
	pcp_put_at(field, layout + field->off, field->len, value);
}

bool pcp_field_is_number(const struct pcp_field *field)
{
	switch (field->kind) {
	case PCP_UINT:
	case PCP_NAMED:
	case PCP_SECONDS:
	case PCP_PREFIX:
		return true;
	case PCP_RESERVED:
		return field->len >= 1 && field->len <= 4;
	default:
		return false;
	}
}

uint16_t pcp_where_opcode(uint8_t opcode)
{
	for (unsigned i = 0; i < PCP_NOPCODES; i++)
		if (pcp_opcode_names[i].code == opcode)
			return (uint16_t)(1u << i);
	return 0;
}

uint16_t pcp_where_version(uint8_t version)
{
	return (uint16_t)(version > PCP_VERSION_2 ? 0 : PCP_V0 << version);
}

uint16_t pcp_where_nested(uint16_t where)
{
	return (uint16_t)((where & ~OPCODES) | PCP_IN_MAP);
}

size_t pcp_layout_size(const struct pcp_layout *layout)
{
	const struct pcp_field *field = layout->field;
	size_t n = 0;

	while (n < layout->nfield && field[n].len > 0)
		n++;
	return n > 0 ? (size_t)field[n - 1].off + field[n - 1].len : 0;
}

/* An empty group, in the row or in the question, means any. */
static bool group_fits(unsigned row, unsigned asked, unsigned group)
{
	return !(row & group) || !(asked & group) || (row & asked & group);
}

bool pcp_layout_fits(const struct pcp_layout *layout, uint16_t where)
{
	return group_fits(layout->where, where, OPCODES) &&
	       group_fits(layout->where, where, DIRECTIONS) &&
	       group_fits(layout->where, where, VERSIONS);
}

/* What no row can answer better than, where a dialect is wanted and where none is. */
enum { TOP_DIALECT = 1 + 16 + 4 + 2 + 1, TOP_STANDARD = 1 + 8 + 4 + 2 + 1 };

/* How well a row with the right code answers the question: a wanted dialect first, then the
 * standards, then whoever else uses the code; among those, the row for this version, direction and
 * opcode. */
static unsigned layout_rank(const struct pcp_layout *layout, uint16_t where, unsigned dialects)
{
	unsigned rank = 1;

	if ((layout->dialect & dialects) && pcp_layout_fits(layout, where))
		rank += 16;
	else if (layout->dialect == PCP_STANDARD)
		rank += 8;
	return rank + 4u * group_fits(layout->where, where, VERSIONS) +
	       2u * group_fits(layout->where, where, DIRECTIONS) +
	       group_fits(layout->where, where, OPCODES);
}

/* The rows of one class. */
struct rows {
	const struct pcp_layout *const *row;
	size_t count;
};

static const struct pcp_layout *find(struct rows rows, uint8_t code, uint16_t where,
				     unsigned dialects, bool must_fit)
{
	const struct pcp_layout *best = NULL;
	unsigned best_rank = 0, top = dialects ? TOP_DIALECT : TOP_STANDARD;

	for (size_t i = 0; i < rows.count && best_rank < top; i++) {
		const struct pcp_layout *layout = rows.row[i];
		unsigned rank;

		if (layout->code != code)
			continue;
		if (must_fit && !pcp_layout_fits(layout, where))
			continue;
		rank = layout_rank(layout, where, dialects);
		if (rank > best_rank) {
			best = layout;
			best_rank = rank;
		}
	}
	return best;
}

#define ROWS(list)                                                                                 \
	(struct rows)                                                                              \
	{                                                                                          \
		list, sizeof list / sizeof list[0]                                                 \
	}

const struct pcp_layout *pcp_layout_body(uint8_t opcode, uint16_t where, unsigned dialects)
{
	static const struct pcp_layout *const bodies[] = { PCP_BODY_LAYOUTS(POINTER) };

	return find(ROWS(bodies), opcode, where, dialects, true);
}

static const struct pcp_layout *const options[] = { PCP_OPTION_LAYOUTS(POINTER) };

const struct pcp_layout *pcp_layout_option(uint8_t code, uint16_t where, unsigned dialects)
{
	return find(ROWS(options), code, where, dialects, false);
}

const struct pcp_layout *pcp_layout_other(const struct pcp_layout *option)
{
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
		if (options[i]->code == option->code && options[i] != option &&
		    !pcp_name_equal(options[i]->name, option->name))
			return options[i];
	return NULL;
}

const struct pcp_layout *pcp_layout_natpmp(uint8_t opcode, uint16_t where)
{
	static const struct pcp_layout *const natpmp[] = { PCP_NATPMP_LAYOUTS(POINTER) };

	return find(ROWS(natpmp), opcode, where, PCP_STANDARD, true);
}

size_t pcp_layout_options(uint16_t where, unsigned dialects, const struct pcp_layout **layout,
			  size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < pcp_nlayouts; i++) {
		const struct pcp_layout *l = pcp_layouts[i];

		if (l->kind != PCP_CLASS_OPTION || !pcp_layout_fits(l, where))
			continue;
		if (l->dialect != PCP_STANDARD && !(l->dialect & dialects))
			continue;
		if (n++ < cap)
			layout[n - 1] = l;
	}
	return n;
}

const struct pcp_layout *pcp_layout_named(enum pcp_class kind, const char *name)
{
	for (size_t i = 0; i < pcp_nlayouts; i++)
		if (pcp_layouts[i]->kind == kind && (pcp_name_equal(pcp_layouts[i]->name, name) ||
						     pcp_name_equal(pcp_layouts[i]->key, name)))
			return pcp_layouts[i];
	return NULL;
}
