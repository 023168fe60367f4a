/* What nothing can go below: every frame is one writev of a header of twelve bytes and
   the frame itself. It knows as much of RTMP as is needed for being let in.
   floor HOST PORT KEY FILE */
#include "flv.h"
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static unsigned char out[8192];
static size_t used;

static void bytes(const void *b, size_t n)
{
	memcpy(out + used, b, n);
	used += n;
}
static void text(const char *s)
{
	unsigned char h[3] = {2, 0, (unsigned char)strlen(s)};
	bytes(h, 3);
	bytes(s, strlen(s));
}
static void number(unsigned char n) /* 1 to 3 */
{
	static const unsigned char of[4][9] = {{0}, {0, 0x3f, 0xf0}, {0, 0x40, 0}, {0, 0x40, 8}};
	bytes(of[n], 9);
}
static size_t header(unsigned char *h, int csid, uint32_t at, uint32_t size, int kind, int stream)
{
	unsigned char of[12] = {csid, at >> 16, at >> 8, at, size >> 16, size >> 8, size, kind, stream};
	memcpy(h, of, 12);
	return 12;
}
static size_t begin(int kind)
{
	size_t at = used;
	used += header(out + used, 3, 0, 0, kind, 0);
	return at;
}
static void end(size_t at)
{
	size_t n = used - at - 12;
	out[at + 5] = n >> 8;
	out[at + 6] = n;
}

static int whole(int fd, struct iovec *v, int n)
{
	while (n) {
		ssize_t did = writev(fd, v, n);
		if (did < 0)
			return -1;
		while (n && (size_t)did >= v->iov_len)
			did -= v->iov_len, v++, n--;
		if (n)
			v->iov_base = (char *)v->iov_base + did, v->iov_len -= did;
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	FILE *f = open_flv(argv[4]);
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
	inet_pton(AF_INET, argv[1], &to.sin_addr);
	if (!f || connect(fd, (struct sockaddr *)&to, sizeof to))
		return 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	unsigned char hello[3073] = {3};
	if (write(fd, hello, 1537) != 1537)
		return 1;
	for (size_t have = 0; have < 3073;) {
		ssize_t n = read(fd, hello, 3073 - have);
		if (n <= 0)
			return 1;
		have += n;
	}
	used = 1536;
	size_t at = begin(1);
	bytes("\0\xff\xff\xff", 4);
	end(at);
	at = begin(20), text("connect"), number(1), bytes("\3\0\3app\2\0\4live\0\0\11", 16), end(at);
	at = begin(20), text("createStream"), number(2), bytes("\5", 1), end(at);
	at = begin(20), text("publish"), number(3), bytes("\5", 1), text(argv[3]), text("live"), end(at);
	if (write(fd, out, used) != (ssize_t)used)
		return 1;
	struct tag t = {0};
	while (next_tag(f, &t)) {
		if (t.kind == 18)
			continue;
		unsigned char h[12];
		struct iovec v[2] = {{h, header(h, 4, t.timestamp, t.size, t.kind, 1)}, {t.whole + 11, t.size}};
		if (whole(fd, v, 2))
			return 1;
	}
	shutdown(fd, SHUT_WR);
	while (read(fd, out, sizeof out) > 0)
		;
	return 0;
}
