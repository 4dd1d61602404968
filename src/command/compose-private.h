/* What a request is composed with: shared by compose.c and what its options do. */
#ifndef COMPOSE_PRIVATE_H
#define COMPOSE_PRIVATE_H

#include "compose.h"

enum { COMPOSE_PATH_MAX = 128, COMPOSE_TYPED_MAX = 64 };

/* The address that requests to the server leave from; as it was when no server is known. */
void compose_source(const struct session *session, uint16_t id, uint8_t addr[PCP_ADDR_LEN]);
/* A row's path as pcp_edit_set takes it: "body." and a leading "." stand for the layout at hand. */
void compose_path(const struct compose *compose, const char *path, char full[COMPOSE_PATH_MAX]);
/* Sets the field of a row's path. */
bool compose_put(struct compose *compose, const char *path, const char *typed, struct pcp_why *why);
bool compose_add_option(struct compose *compose, uint8_t code, const uint8_t *data, size_t len,
			struct pcp_why *why);
/* Another -des takes the place of the first, as it does in pypcpc; -opt adds what it is told. */
void compose_drop_options(struct compose *compose, uint8_t code);
/* The option's layout in this request; NULL: none is known. */
const struct pcp_layout *compose_option_layout(const struct compose *compose, uint8_t code);
/* An option from what was typed for it: the value of its only field, or KEY=VALUE,KEY=VALUE. */
bool compose_layout_option(struct compose *compose, const struct pcp_layout *layout,
			   const char *value, struct pcp_why *why);

#endif
