/* FILTER, and what a mapping keeps of its options: RFC 6887 13.3. */
#include <stdlib.h>
#include <string.h>

#include "lab-request-private.h"

static void put_filter(struct lab_reply *reply, const struct lab_filter *filter)
{
	uint8_t data[32] = { 0 };

	pcp_put(&pcp_filter_fields[FILTER_PREFIX_LENGTH], data, filter->prefix);
	pcp_put(&pcp_filter_fields[FILTER_REMOTE_PORT], data, filter->port);
	memcpy(data + pcp_filter_fields[FILTER_REMOTE_ADDRESS].off, filter->addr, PCP_ADDR_LEN);
	lab_option_put(reply, PCP_FILTER, data,
		       pcp_filter_fields[FILTER_REMOTE_ADDRESS].off + PCP_ADDR_LEN);
}

static bool same_filter(const struct lab_filter *a, const struct lab_filter *b)
{
	struct lab_prefix prefix = { .bits = a->prefix };

	memcpy(prefix.addr, a->addr, PCP_ADDR_LEN);
	return a->prefix == b->prefix && a->port == b->port && lab_prefix_matches(&prefix, b->addr);
}

static bool has_filter(const struct lab_filter *filters, size_t n, const struct lab_filter *filter)
{
	for (size_t i = 0; i < n; i++)
		if (same_filter(&filters[i], filter))
			return true;
	return false;
}

int lab_take_filter(struct lab_request *request, const struct pcp_tlv *tlv)
{
	struct lab_filter filter = {
		.prefix = (uint8_t)pcp_get(&pcp_filter_fields[FILTER_PREFIX_LENGTH], tlv->data),
		.port = (uint16_t)pcp_get(&pcp_filter_fields[FILTER_REMOTE_PORT], tlv->data),
	};
	bool v4;

	memcpy(filter.addr, pcp_at(&pcp_filter_fields[FILTER_REMOTE_ADDRESS], tlv->data),
	       PCP_ADDR_LEN);
	v4 = pcp_addr_is_v4(filter.addr);
	if (request->lifetime == 0)
		return lab_refuse(request, PCP_MALFORMED_OPTION,
				  "FILTER makes no sense in a delete");
	request->filter = true;
	if (filter.prefix == 0) {
		request->erase = true;
		request->nfilter = 0;
		return PCP_SUCCESS;
	}
	if (filter.prefix > 128 || (v4 && filter.prefix < 96))
		return lab_refuse(request, PCP_MALFORMED_OPTION,
				  "FILTER's prefix length is %u, not %u to 128", filter.prefix,
				  v4 ? PCP_V4_BITS : 1);
	if (!has_filter(request->filters, request->nfilter, &filter))
		request->filters[request->nfilter++] = filter;
	return PCP_SUCCESS;
}

/* The internal address is known once THIRD_PARTY is read, which may stand behind. */
uint8_t lab_filters_check(struct lab_request *request)
{
	bool v4 = pcp_addr_is_v4(request->key.internal);

	for (size_t i = 0; i < request->nfilter; i++)
		if (pcp_addr_is_v4(request->filters[i].addr) != v4)
			return lab_refuse(request, PCP_MALFORMED_OPTION,
					  "FILTER's address is IPv%d, the internal one IPv%d",
					  v4 ? 6 : 4, v4 ? 4 : 6);
	return PCP_SUCCESS;
}

void lab_show_filters(struct lab_reply *reply, const struct lab *lab, const struct lab_entry *entry)
{
	(void)lab;
	for (size_t i = 0; i < entry->nfilter; i++)
		put_filter(reply, &entry->filter[i]);
}

/* How many filters the entry would have: the request's, added to what it keeps. */
static size_t merged(const struct lab_request *request, const struct lab_entry *entry)
{
	size_t n = request->nfilter;

	for (size_t i = 0; entry && !request->erase && i < entry->nfilter; i++)
		n += !has_filter(request->filters, request->nfilter, &entry->filter[i]);
	return n;
}

uint8_t lab_options_fit(struct lab_request *request, const struct lab_entry *entry)
{
	if (request->filter && merged(request, entry) > request->lab->set.max_filters)
		return lab_refuse(request, PCP_EXCESSIVE_REMOTE_PEERS,
				  "%zu filters, and a mapping may have %u", merged(request, entry),
				  (unsigned)request->lab->set.max_filters);
	return PCP_SUCCESS;
}

static void merge(const struct lab_request *request, const struct lab_entry *entry,
		  struct lab_filter *all)
{
	size_t n = 0;

	for (size_t i = 0; !request->erase && i < entry->nfilter; i++)
		if (!has_filter(request->filters, request->nfilter, &entry->filter[i]))
			all[n++] = entry->filter[i];
	memcpy(all + n, request->filters, request->nfilter * sizeof(*all));
}

bool lab_options_store(const struct lab_request *request, struct lab_entry *entry)
{
	size_t n = request->filter ? merged(request, entry) : 0;
	struct lab_filter *filters = n ? malloc(n * sizeof(*filters)) : NULL;
	uint8_t *text = request->text_len ? malloc(request->text_len) : NULL;

	if ((n && !filters) || (request->text_len && !text)) {
		free(filters);
		free(text);
		return false;
	}
	if (request->filter) {
		if (n)
			merge(request, entry, filters);
		free(entry->filter);
		entry->filter = filters;
		entry->nfilter = (uint8_t)n;
	}
	if (request->description) {
		if (text)
			memcpy(text, request->text, request->text_len);
		free(entry->description);
		entry->description = text;
		entry->description_len = request->text_len;
	}
	return true;
}
