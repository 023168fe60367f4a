// drained: what goes out before EC_COMPLETE (86, 135). The URL is that of the Go
// test's stage, with a slash behind it; vanish=URL is a server that vanishes after
// the publish.
#include "stream.h"

namespace drained {

// handedOver delivers more than any socket buffer holds and looks, at EC_COMPLETE,
// whether it has gone.
static void handedOver()
{
    limit(60);
    Stream s(at("pause", "eos86"), 1);
    s.set(L"output-buffer-size", L"67108864");
    s.set(L"send-timeout", L"20000");
    volatile LONG waiting = -1, sent = -1;
    s.graph.onEvent([&](const Event &e) {
        if (e.code != EC_COMPLETE)
            return;
        auto stats = s.statistics();
        waiting = stats.output_buffer_fillness;
        sent = stats.video_packets_sent;
    });
    s.run();
    const long frames = 100;
    for (long n = 0; n < frames; n++)
        QUIET(s.give(0, padded(clip::videoSample(n), 200000)) == S_OK, "sample %ld", n);
    s.endAll();
    CHECK(s.graph.wait(EC_COMPLETE, 1, 30000), "EC_COMPLETE");
    waitUntil(5000, [&] { return sent >= 0; });
    CHECK_EQ(waiting, 0);
    CHECK_EQ(sent, frames);
    s.graph.onEvent(nullptr);
}

// heldBack ends a stream whose server reads nothing, or is lost and is not there
// again.
static void heldBack(bool lost)
{
    Stream s(lost ? named("vanish") : at("stall", "eos86held"));
    s.set(L"send-timeout", L"3000");
    s.set(L"output-buffer-size", L"16777216");
    if (lost)
        s.set(L"reconnect-unlimited", L"on");
    s.run();
    s.connected();
    if (lost)
        s.pace(5000, [&] { return s.times(RTMPWriterReconnecting) > 0; });
    for (long n = s.paced; n < s.paced + 60; n++)
        QUIET(s.give(0, padded(clip::videoSample(n), 200000)) == S_OK, "sample %ld", n);
    s.endAll();
    CHECK(s.graph.wait(EC_COMPLETE, 1, 30000), "EC_COMPLETE with a %s server", lost ? "lost" : "stalled");
}

static void heldBackForGood()
{
    limit(60);
    Worker stalled([] { heldBack(false); }), lost([] { heldBack(true); });
}

static void queued()
{
    Stream s(at("live", "eos135"));
    s.set(L"output-buffer-size", L"33554432");
    s.run();
    const long frames = 50;
    for (long n = 0; n < frames; n++) {
        QUIET(s.give(0, padded(clip::videoSample(n), 100000)) == S_OK, "video %ld", n);
        QUIET(s.audio(2 * n) == S_OK && s.audio(2 * n + 1) == S_OK, "audio %ld", n);
    }
    s.endAll();
    CHECK(s.graph.wait(EC_COMPLETE, 1, 15000), "EC_COMPLETE");
    s.stop();
    say("sent eos135 %ld %ld", frames, 2 * frames);
}

static const Section all[] = {
    { 86, "EC_COMPLETE when all is handed over", handedOver },
    { 86, "a dead server does not hold it back", heldBackForGood },
    { 135, "what was queued still goes out", queued },
};

} // namespace drained

static const Program drainedProgram("drained", drained::all, std::size(drained::all));
