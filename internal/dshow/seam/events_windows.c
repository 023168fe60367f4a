//go:build windows && cgo

// Events for the graph. Their parameters are pointers that the receiver reads
// when it likes, so that each event has memory of its own, which stays readable
// for as long as the ring goes round, also when the filter has gone.
#include "com.h"
#include <limits.h>

#define KEPT 512 // events of each kind that stay readable

typedef struct {
    int status;
    char *url;
} StatusEvent;

typedef struct {
    rtmp_writer_stats_t stats;
    char *url;
} StatsEvent;

struct EventRing {
    EventRing *next; // while it waits for another filter
    unsigned statuses, stats;
    StatusEvent status[KEPT];
    StatsEvent stat[KEPT];
};

// Rings of filters that have gone, the oldest first: their memory is used again,
// never given back, and last what went last.
static SRWLOCK retiredLock = SRWLOCK_INIT;
static EventRing *retired, **retiredEnd = &retired;

HRESULT eventsInit(Filter *f)
{
    AcquireSRWLockExclusive(&retiredLock);
    f->ring = retired;
    if (f->ring) {
        retired = f->ring->next;
        if (!retired)
            retiredEnd = &retired;
    }
    ReleaseSRWLockExclusive(&retiredLock);
    if (!f->ring)
        f->ring = calloc(1, sizeof *f->ring);
    if (!f->ring)
        return E_OUTOFMEMORY;
    InitializeCriticalSection(&f->eventCs);
    return S_OK;
}

void eventsFree(Filter *f)
{
    f->ring->next = NULL;
    AcquireSRWLockExclusive(&retiredLock);
    *retiredEnd = f->ring;
    retiredEnd = &f->ring->next;
    ReleaseSRWLockExclusive(&retiredLock);
    DeleteCriticalSection(&f->eventCs);
}

// eventsJoin takes the graph's sink, or lets go of it. It waits for an event that
// is being told, so that none comes after.
void eventsJoin(Filter *f, IFilterGraph *graph)
{
    IMediaEventSink *sink = NULL;
    if (graph && SUCCEEDED(IFilterGraph_QueryInterface(graph, &IID_IMediaEventSink, (void **)&sink)))
        IMediaEventSink_Release(sink); // the graph outlives the filter's being in it
    EnterCriticalSection(&f->eventCs);
    f->events = sink;
    LeaveCriticalSection(&f->eventCs);
}

static void notify(Filter *f, long code, LONG_PTR p1, LONG_PTR p2)
{
    EnterCriticalSection(&f->eventCs);
    if (f->events)
        IMediaEventSink_Notify(f->events, code, p1, p2);
    LeaveCriticalSection(&f->eventCs);
}

void filterEvent(Filter *f, int32_t code, int32_t hr, int32_t self)
{
    notify(f, code, hr, self ? (LONG_PTR)&f->base : 0);
}

// keep replaces the text of a slot.
static void keep(char **slot, const char *text)
{
    if (*slot && !strcmp(*slot, text))
        return;
    free(*slot);
    *slot = _strdup(text);
}

void filterStatus(Filter *f, int32_t status, const char *url)
{
    StatusEvent *e;
    EnterCriticalSection(&f->eventCs);
    e = &f->ring->status[f->ring->statuses++ % KEPT];
    e->status = status;
    keep(&e->url, url);
    notify(f, EC_NANO_RTMP_WRITER_STATUS, (LONG_PTR)&e->status, (LONG_PTR)&e->url);
    LeaveCriticalSection(&f->eventCs);
    filterCallHandler(f, status, url);
}

// clamped keeps what is too much for an int from turning negative.
static int clamped(int64_t n) { return n > INT_MAX ? INT_MAX : (int)n; }

void statisticsToABI(const Statistics *from, rtmp_writer_stats_t *to)
{
    to->output_buffer_size = (int)from->output_buffer_size;
    to->output_buffer_fillness = (int)from->output_buffer_fillness;
    to->output_bitrate = from->output_bitrate;
    to->output_bitrate2 = from->output_bitrate2;
    to->output_bitrate3 = from->output_bitrate3;
    to->packetsRtt = (uint32_t)from->packetsRtt;
    to->clientBytesReceived = (uint32_t)from->clientBytesReceived;
    to->audio_packets_buffered = (size_t)from->audio_packets_buffered;
    to->video_packets_buffered = (size_t)from->video_packets_buffered;
    to->audio_bitrate = clamped(from->audio_bitrate);
    to->video_bitrate = clamped(from->video_bitrate);
    to->audio_packets_sent = clamped(from->audio_packets_sent);
    to->video_packets_sent = clamped(from->video_packets_sent);
}

void filterStats(Filter *f, const Statistics *s, const char *url)
{
    StatsEvent *e;
    EnterCriticalSection(&f->eventCs);
    e = &f->ring->stat[f->ring->stats++ % KEPT];
    statisticsToABI(s, &e->stats);
    keep(&e->url, url);
    notify(f, EC_NANO_RTMP_WRITER_STATS, (LONG_PTR)&e->stats, (LONG_PTR)&e->url);
    LeaveCriticalSection(&f->eventCs);
}
