#include "events.h"

#include "text.h"

#include <stdio.h>
#include <time.h>

namespace {

// stamp begins each line: seconds since the first one.
void stamp()
{
    static const DWORD began = GetTickCount();
    DWORD ms = GetTickCount() - began;
    printf("%4lu.%03lu  ", (unsigned long)(ms / 1000), (unsigned long)(ms % 1000));
}

void printStatistics(const rtmp_writer_stats_t *s)
{
    stamp();
    printf("sent %d video, %d audio; %ld kbit/s; buffer %d of %d bytes, %lu video, %lu audio; round trip %lu ms\n",
           s->video_packets_sent, s->audio_packets_sent, (long)(s->output_bitrate / 1000), s->output_buffer_fillness,
           s->output_buffer_size, (unsigned long)s->video_packets_buffered, (unsigned long)s->audio_packets_buffered,
           (unsigned long)s->packetsRtt);
    fflush(stdout);
}

} // namespace

void PrintStatus(int status, const char *url, const std::string &reason)
{
    const char *words[] = {"connected", "disconnected", "reconnecting"};
    stamp();
    printf("status %d: %s", status, status >= RTMPWriterConnected && status <= RTMPWriterReconnecting ? words[status] : "?");
    if (url) {
        std::string text = url; // with the key in it: the program knows it, the console must not
        printf(" (%s)", ShownUrl(std::wstring(text.begin(), text.end())).c_str());
    }
    printf("%s%s\n", reason.empty() ? "" : ": ", reason.c_str());
    fflush(stdout);
}

void __stdcall OnStatus(int status, const char *url, void *) { PrintStatus(status, url, ""); }

Outcome PrintEvent(IBaseFilter *writer, long code, LONG_PTR p1, LONG_PTR p2)
{
    switch (code) {
    case EC_NANO_RTMP_WRITER_STATUS: {
        int status = *(const int *)p1;
        const char *const *url = (const char *const *)p2;
        PrintStatus(status, url ? *url : NULL, status == RTMPWriterConnected ? "" : Reason(writer));
        return RUNNING;
    }
    case EC_NANO_RTMP_WRITER_STATS:
        printStatistics((const rtmp_writer_stats_t *)p1);
        return RUNNING;
    case EC_COMPLETE:
        stamp();
        printf("complete: everything is with the server\n");
        return COMPLETE;
    case EC_ERRORABORT:
    case EC_USERABORT: {
        std::string why = Reason(writer);
        stamp();
        printf("%s: %s\n", code == EC_ERRORABORT ? "aborted" : "ended by a user", why.empty() ? ErrorText((HRESULT)p1).c_str() : why.c_str());
        return ABORTED;
    }
    case EC_CLOCK_CHANGED:
    case EC_PAUSED:
        return RUNNING;
    default:
        stamp();
        printf("event 0x%lx\n", code);
        return RUNNING;
    }
}
