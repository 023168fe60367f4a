// The seam between the C side, which speaks COM, and the Go side. Only
// <stdint.h> types stand here, so that cgo never reads the Windows headers.
#ifndef SEAM_H
#define SEAM_H
#include <stdint.h>
#include <stdlib.h>

typedef struct Filter Filter; // the COM object; Go sees an opaque pointer

// Sample is all that Receive read of an IMediaSample: one crossing a sample.
typedef struct {
    const uint8_t *data; // the allocator's memory, valid until Receive returns
    int32_t len;
    int32_t times; // 0: no times, 1: start only, 2: start and stop
    int64_t start, stop; // REFERENCE_TIME, 100 ns
    int32_t oversized; // larger than can be sent: there is no data
} Sample;

// MediaType is AM_MEDIA_TYPE without its COM parts.
typedef struct {
    uint8_t major[16], subtype[16], format[16];
    const uint8_t *block;
    uint32_t length;
} MediaType;

// Statistics has the fields of rtmp_writer_stats_t in their order, wide enough
// for all of them.
typedef struct {
    int64_t output_buffer_size, output_buffer_fillness;
    int64_t output_bitrate, output_bitrate2, output_bitrate3;
    int64_t packetsRtt, clientBytesReceived;
    int64_t audio_packets_buffered, video_packets_buffered;
    int64_t audio_bitrate, video_bitrate;
    int64_t audio_packets_sent, video_packets_sent;
} Statistics;

// A hold keeps the memory of a filter while Go uses it, beyond its last reference.
void filterHold(Filter *f);
void filterDrop(Filter *f);

// What Go calls, from threads of its own and with no lock held.
void filterEvent(Filter *f, int32_t code, int32_t hr, int32_t self); // p1 is hr; p2 the filter, or NULL
void filterStatus(Filter *f, int32_t status, const char *url);       // event 181 and the handler
void filterStats(Filter *f, const Statistics *s, const char *url);   // event 179
#endif
