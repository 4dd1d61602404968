/* Between demand.c, which looks sentences up, and the files that have them. */
#ifndef DEMAND_PRIVATE_H
#define DEMAND_PRIVATE_H

#include "demand.h"

/* Why no case tries a sentence: what many of them have in common. */
#define CLIENT	 "it binds the client"
#define OPERATOR "it binds whoever runs the server or the network"
#define RESTART                                                                                    \
	"it needs a gateway that restarts or changes meanwhile; watch shows what it says then"
#define BY_HAND	  "it needs a mapping that was made by hand"
#define FAILURE	  "it needs a gateway that fails; its answers are held to it when it does"
#define ADDRESSES "further addresses that the gateway has outside are not known here"
#define TWIN                                                                                       \
	"without a nonce an unasked mapping of the other protocol cannot be told; over PCP C17 "   \
	"does"

extern const struct probe_document probe_document_6887, probe_document_6887_2, probe_document_6886,
	probe_document_7220, probe_document_7225, probe_document_7753, probe_document_7843;

#endif
