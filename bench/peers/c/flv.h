/* Reads the tags of an FLV file that is known to be sound, and waits for their times. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct tag {
	unsigned char *whole; /* the tag's header of 11 bytes, then its body */
	uint32_t size, timestamp;
	int kind;
};

/* The next tag into room that grows; 0 at the end. */
static int next_tag(FILE *f, struct tag *t)
{
	static size_t room;
	unsigned char h[11];
	if (fread(h, 1, sizeof h, f) != sizeof h)
		return 0;
	t->kind = h[0] & 0x1f;
	t->size = (uint32_t)h[1] << 16 | h[2] << 8 | h[3];
	t->timestamp = (uint32_t)h[4] << 16 | h[5] << 8 | h[6] | (uint32_t)h[7] << 24;
	if (room < t->size + 15) {
		room = 2 * (t->size + 15);
		if (!(t->whole = realloc(t->whole, room)))
			return 0;
	}
	for (int i = 0; i < 11; i++)
		t->whole[i] = h[i];
	return fread(t->whole + 11, 1, t->size + 4, f) == t->size + 4;
}

static FILE *open_flv(const char *name)
{
	FILE *f = fopen(name, "rb");
	if (f) {
		setvbuf(f, NULL, _IOFBF, 256 << 10);
		fseek(f, 13, SEEK_SET);
	}
	return f;
}

/* Waits until a time of the stream; sound leaves up to 40 ms early, beside a picture. */
static inline void wait_for(const struct tag *t, const struct timespec *begun)
{
	int64_t due = begun->tv_sec * 1000000000LL + begun->tv_nsec + t->timestamp * 1000000LL;
	if (t->kind == 8)
		due -= 40000000;
	struct timespec at = {due / 1000000000, due % 1000000000};
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}
