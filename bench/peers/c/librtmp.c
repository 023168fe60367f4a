/* librtmp as a publisher of the comparison, with chunks of 64 KiB: it begins with 128
   bytes, which cost many times as much.
   librtmp file|live URL FILE */
#include "flv.h"
#include <librtmp/rtmp.h>
#include <string.h>

static int chunk_size(RTMP *r, int size)
{
	char buffer[RTMP_MAX_HEADER_SIZE + 4];
	RTMPPacket p = {.m_nChannel = 2, .m_headerType = RTMP_PACKET_SIZE_LARGE, .m_packetType = RTMP_PACKET_TYPE_CHUNK_SIZE, .m_nBodySize = 4};
	p.m_body = buffer + RTMP_MAX_HEADER_SIZE;
	AMF_EncodeInt32(p.m_body, p.m_body + 4, size);
	if (!RTMP_SendPacket(r, &p, FALSE))
		return 0;
	r->m_outChunkSize = size;
	return 1;
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	int live = !strcmp(argv[1], "live");
	RTMP *r = RTMP_Alloc();
	RTMP_Init(r);
	if (!RTMP_SetupURL(r, argv[2]))
		return 1;
	RTMP_EnableWrite(r);
	if (!RTMP_Connect(r, NULL) || !RTMP_ConnectStream(r, 0) || !chunk_size(r, 65536))
		return 1;
	FILE *f = open_flv(argv[3]);
	struct timespec begun;
	struct tag t = {0};
	if (!f)
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &begun);
	while (next_tag(f, &t)) {
		if (t.kind == 18)
			continue;
		if (live)
			wait_for(&t, &begun);
		if (RTMP_Write(r, (const char *)t.whole, t.size + 11 + 4) <= 0)
			return 1;
	}
	RTMP_Close(r);
	return 0;
}
