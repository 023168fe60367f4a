// outage: connections that are lost, servers that stop reading (132, 133). The URL
// is that of the Go test's stage, with a slash behind it.
#include "stream.h"

namespace outage {

static void lost()
{
    limit(30);
    {
        Stream s(at("lost", "net132")); // closed after a second, again and again
        s.run();
        s.pace(8000, [&] { return s.times(RTMPWriterDisconnected) > 0; });
        CHECK(list(s.statuses()) == "0 1", "a loss without reconnecting: %s", list(s.statuses()).c_str());
        CHECK(s.graph.wait(EC_ERRORABORT, 1, 1000), "EC_ERRORABORT");
        CHECK(s.video(s.paced) != S_OK, "samples are refused then");
        CHECK(s.quiet(statusEvent, 300), "the loss is told once");
    }
    Stream s(at("cut", "net132cut"));
    s.set(L"reconnect-attempts", L"20");
    s.set(L"reconnect-interval", L"200");
    s.run();
    s.pace(15000, [&] { return s.times(RTMPWriterConnected) >= 4; });
    auto seen = s.statuses();
    seen.resize(std::min(seen.size(), size_t(7)));
    CHECK(list(seen) == "0 2 0 2 0 2 0", "reconnected after each loss: %s", list(seen).c_str());
    CHECK_EQ(s.graph.count(EC_ERRORABORT), 0);
    CHECK_EQ(stateOf(s.rig.filter), State_Running);
}

// stalled gives as much as a server that reads nothing can be given.
static void stalled(bool live)
{
    Stream s(at("stall", live ? "net133live" : "net133"));
    if (live) {
        s.set(L"live-mode", L"on");
        s.set(L"buffer-overflow-mode", L"drop");
        s.set(L"send-timeout", L"20000");
    }
    s.run();
    CHECK(s.connected(), "it connects");
    long long before = privateKilobytes();
    DWORD longest = 0;
    int given = 0;
    for (Timed all; all.ms() < 4000 && given < 1500; given++) {
        Sample video = padded(clip::videoSample(given), 200000);
        Timed call;
        HRESULT hr = s.give(0, video);
        longest = std::max(longest, call.ms());
        if (live)
            QUIET(hr == S_OK, "in live mode it is taken: %s", hrName(hr).c_str());
        else if (hr != S_OK)
            break;
    }
    CHECK(longest < DWORD(live ? 500 : 6000), "the longest Receive of %d (live mode %s): %lu ms", given, live ? "on" : "off", (unsigned long)longest);
    long long grown = privateKilobytes() - before;
    CHECK(grown < 65536, "memory grows by %lld KB", grown);
    Timed stop;
    CHECK_HR(s.stop(), S_OK);
    CHECK_BETWEEN(stop.ms(), 0, 5000);
}

static void notReading()
{
    limit(60);
    stalled(true);
    stalled(false);
}

// keyAfterDrops fills the buffer while the server pauses; the Go test looks that
// video goes on at a key frame.
static void keyAfterDrops()
{
    Stream s(at("pause", "net133key"));
    s.set(L"live-mode", L"on");
    s.set(L"buffer-overflow-mode", L"drop");
    s.set(L"send-timeout", L"20000");
    s.set(L"output-buffer-size", L"2000000");
    s.run();
    CHECK(s.connected(), "it connects");
    for (long n = 0; n < 200; n++) { // the server pauses behind the tenth
        Sample video = n < 12 ? clip::videoSample(n) : padded(clip::videoSample(n), 100000);
        QUIET(s.give(0, video) == S_OK && s.audio(2 * n) == S_OK && s.audio(2 * n + 1) == S_OK, "samples %ld are taken", n);
        Sleep(n < 12 ? 40 : 2);
    }
    Sleep(2000); // it reads again
    for (long n = 200; n < 260; n++) {
        QUIET(s.video(n) == S_OK, "sample %ld", n);
        Sleep(10);
    }
    s.endAll();
    CHECK(s.graph.wait(EC_COMPLETE, 1, 10000), "EC_COMPLETE");
    s.stop();
    int sent = s.statistics().video_packets_sent;
    CHECK_BETWEEN(sent, 60, 259); // some were dropped
    say("dropped net133key %d", sent);
}

static const Section all[] = {
    { 132, "lost connections", lost },
    { 133, "a server that stops reading", notReading },
    { 133, "a key frame behind what was dropped", keyAfterDrops },
};

} // namespace outage

static const Program outageProgram("outage", outage::all, std::size(outage::all));
