/* Situations to walk through: a name, the words that make it, and what to look for. */
#include "lab.h"

const struct lab_scenario lab_scenarios[] = {
	{ "restart", "loses its mappings every minute, and says so", "restart-every=60s",
	  "Every minute the gateway loses all mappings and announces itself. Watch the epoch fall "
	  "to 0, "
	  "the client notice, and every mapping come back with its old external port." },
	{ "silent-restart", "loses them without a word", "restart-every=60s announce=off",
	  "The same without announcements: the loss shows only in the epoch of the next answer. "
	  "Send "
	  "ANNOUNCE to see it at once." },
	{ "renumber", "another external address every 15 s", "renumber-every=15s",
	  "The external address changes every 15 seconds: updates arrive unasked, three times "
	  "each, "
	  "and the mappings show the new address." },
	{ "vpn-gateway", "the NAT-PMP of a VPN provider",
	  "versions=0 max-lifetime=60s port-zero=any hints=off hold=0 announce=off "
	  "restart-every=3m",
	  "The NAT-PMP of a VPN provider: lifetimes of 60 seconds, internal port 0 for any port, "
	  "one "
	  "port for both protocols that nobody can choose, and another after each restart, every "
	  "three minutes and without a word." },
	{ "cgn-quota", "three ports a host, ten minutes each",
	  "quota=3 third-party=off max-lifetime=10m",
	  "A carrier's NAT: the fourth mapping of a host gets USER_EX_QUOTA, deleting one makes "
	  "room, "
	  "lifetimes are cut to ten minutes, and THIRD_PARTY is refused." },
	{ "cgn-ports", "few external ports for all", "ports=20000-20009 hold=60s wan=203.0.113.9/2",
	  "Ten ports on each of two addresses: ask for a port that is taken, ask for "
	  "PREFER_FAILURE, "
	  "fill the pool to NO_RESOURCES, and see a freed port kept for its former client." },
	{ "lossy", "requests and answers lost",
	  "seed=11 drop=0.2 drop-reply=0.2 jitter=400ms duplicate=0.1 reorder=0.2",
	  "Requests and answers get lost, late, doubled and out of order. Watch retransmissions "
	  "double "
	  "their gaps, and every mapping made exactly once." },
	{ "slow", "answers after 2.5 seconds", "delay=2500ms",
	  "Answers take 2.5 seconds: the first retransmission is about to leave, and the "
	  "round-trip times show it." },
	{ "double-nat", "another NAT in front of it", "wan=100.64.0.9",
	  "Mappings succeed, but the external address is from 100.64.0.0/10: another NAT stands "
	  "between this gateway and the Internet, and nobody outside can reach it." },
	{ "address-mismatch", "a NAT between client and it", "behind=192.0.2.77",
	  "A NAT stands between client and server: every request gets ADDRESS_MISMATCH, since its "
	  "header names an address that the server does not see." },
	{ "nat-pmp-only", "an older gateway, without PCP", "versions=0",
	  "An older gateway: PCP is answered in NAT-PMP's form with version 0, and the client may "
	  "go on in NAT-PMP, without options, PEER or nonces. refusal=drawn and others give other "
	  "gateways' forms." },
	{ "pcp-only", "a gateway without NAT-PMP", "versions=2",
	  "A gateway without NAT-PMP: a NAT-PMP request gets PCP's UNSUPP_VERSION." },
	{ "old-draft", "version 1, of the drafts", "versions=1",
	  "A gateway of the drafts' days offers version 1, whose MAP has no nonce." },
	{ "disabled", "NOT_AUTHORIZED to everything", "result=NOT_AUTHORIZED",
	  "PCP is there but switched off: NOT_AUTHORIZED to everything, in NAT-PMP, too, to be "
	  "believed for half an hour." },
	{ "minimal", "a bare MAP and ANNOUNCE",
	  "without=PEER+GET+THIRD_PARTY+FILTER+PREFER_FAILURE+DESCRIPTION+PORT_SET+PORT_"
	  "RESERVATION",
	  "A home router's bare MAP and ANNOUNCE: mandatory options get UNSUPP_OPTION, optional "
	  "ones "
	  "vanish from the answer, other opcodes get UNSUPP_OPCODE." },
	{ "no-uplink", "no external address", "wan=down",
	  "The router has no external address: NETWORK_FAILURE, which lasts 30 seconds only." },
	{ "overload", "NO_RESOURCES to everything", "overload=refuse",
	  "NO_RESOURCES to everything, in NAT-PMP, too: the client sends this server nothing new "
	  "for "
	  "30 seconds." },
	{ "firewall", "no translation", "ipv4=firewall",
	  "No translation: external equals internal, and another suggestion with PREFER_FAILURE "
	  "cannot be provided. NAT-PMP, which is for NATs, gets no answer." },
	{ "authentication", "every request needs a tag", "auth=on",
	  "Every request needs an authentication tag: AUTHENTICATION_REQUIRED. NAT-PMP, which has "
	  "none, is refused." },
	{ "traffic", "what is used is not deleted", "active=2m",
	  "Traffic keeps what is deleted: a delete succeeds with 120 seconds left." },
	{ "unstable-epoch", "epochs that go back now and then", "seed=1 epoch-back=500@0.3",
	  "Now and then an answer's epoch is 500 seconds behind: each time the client takes the "
	  "mappings for lost and makes them again." },
	{ "hostile", "answers that lie in every way",
	  "seed=1 wrong-nonce=0.2 wrong-opcode=0.1 other-port=0.2 truncate=0.1 corrupt=0.1 "
	  "oversize=0.1 "
	  "unknown-option=0.2 absurd-lifetime@0.2 unsolicited=0.3 duplicate=0.2",
	  "Answers lie in every way: foreign nonces, opcodes and ports, cut and corrupt, too long, "
	  "for 136 years, unasked. Each one dropped says why, and no mapping is believed that "
	  "should not be." },
	{ "dead", "nobody answers", "silence",
	  "Nobody answers: retransmissions at 3, 6, 12 seconds and on, which is all that silence "
	  "ever tells." },
};
const size_t lab_nscenarios = sizeof(lab_scenarios) / sizeof(*lab_scenarios);
