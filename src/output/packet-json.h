/* The way back from JSON: a packet built from the fields that decode --json printed, or a person
 * edited. */
#ifndef PACKET_JSON_H
#define PACKET_JSON_H

#include "edit.h"

/* Builds the packet field by field through pcp_edit_set; "hex" alone serves too. Untouched fields
 * give the same octets; where a value became longer or shorter, its Length and padding follow.
 * False with *why naming the field that is wrong. */
bool packet_from_json(const char *json, struct pcp_edit *edit, struct pcp_why *why);
/* The same from a file; "-" is standard input. Reads at most 1 MiB. */
bool packet_from_json_file(const char *name, struct pcp_edit *edit, struct pcp_why *why);

#endif
