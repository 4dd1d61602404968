/* What pcpscope knows of libpcap's interface, as pcap(3) tells of it: pcap-files.c does some of it.
 */
#ifndef WINDOWS_PCAP_PCAP_H
#define WINDOWS_PCAP_PCAP_H

#include <stdint.h>
#include <stdio.h>

typedef unsigned char u_char;
typedef uint32_t bpf_u_int32;
typedef struct pcap pcap_t;
typedef struct pcap_dumper pcap_dumper_t;
struct bpf_program {
	unsigned count;
};
struct pcap_file_header {
	uint32_t magic;
	uint16_t version_major, version_minor;
	int32_t thiszone;
	uint32_t sigfigs, snaplen, linktype;
};
struct pcap_pkthdr {
	struct {
		int64_t tv_sec, tv_usec; /* Windows's own timeval ends in 2038 */
	} ts;
	uint32_t caplen, len;
};
struct pcap_stat {
	unsigned ps_recv, ps_drop, ps_ifdrop;
};

enum { PCAP_VERSION_MAJOR = 2, PCAP_VERSION_MINOR = 4, PCAP_ERRBUF_SIZE = 256 };
enum { PCAP_ERROR = -1, PCAP_ERROR_BREAK = -2, PCAP_ERROR_PERM_DENIED = -8 };
#define PCAP_NETMASK_UNKNOWN UINT32_C(0xffffffff)
#define DLT_LINUX_SLL2	     276 /* a macro, since some libpcap has none */
enum {
	DLT_NULL = 0,
	DLT_EN10MB = 1,
	DLT_RAW = 12,
	DLT_LOOP = 108,
	DLT_LINUX_SLL = 113,
	DLT_IPV4 = 228,
	DLT_IPV6 = 229
};

pcap_t *pcap_fopen_offline(FILE *file, char *error);
int pcap_next_ex(pcap_t *pcap, struct pcap_pkthdr **header, const u_char **octets);
int pcap_datalink(pcap_t *pcap);
const char *pcap_datalink_val_to_name(int dlt);
int pcap_snapshot(pcap_t *pcap);
char *pcap_geterr(pcap_t *pcap);
void pcap_close(pcap_t *pcap);
pcap_t *pcap_create(const char *interface, char *error);
int pcap_set_snaplen(pcap_t *pcap, int octets);
int pcap_set_promisc(pcap_t *pcap, int on);
int pcap_set_immediate_mode(pcap_t *pcap, int on);
int pcap_set_buffer_size(pcap_t *pcap, int octets);
int pcap_activate(pcap_t *pcap);
int pcap_compile(pcap_t *pcap, struct bpf_program *program, const char *text, int optimize,
		 bpf_u_int32 mask);
int pcap_setfilter(pcap_t *pcap, struct bpf_program *program);
void pcap_freecode(struct bpf_program *program);
int pcap_setnonblock(pcap_t *pcap, int on, char *error);
int pcap_get_selectable_fd(pcap_t *pcap);
int pcap_dispatch(pcap_t *pcap, int count,
		  void (*take)(u_char *to, const struct pcap_pkthdr *header, const u_char *octets),
		  u_char *to);
int pcap_stats(pcap_t *pcap, struct pcap_stat *stats);
const char *pcap_statustostr(int status);
pcap_dumper_t *pcap_dump_fopen(pcap_t *pcap, FILE *file);
void pcap_dump(u_char *to, const struct pcap_pkthdr *header, const u_char *octets);
int pcap_dump_flush(pcap_dumper_t *to);

#endif
