// waiting: pins that wait, and such as must not; what many rounds leave behind. The
// numbers are beyond the list of behaviours. The URL is that of the Go test's
// stage, with a slash behind it; lost= and away=URL are servers that vanish after
// the publish.
#include "stream.h"

namespace waiting {

// stopsBlocked stops a filter whose pins wait for room, with a server that is gone
// or that reads nothing.
static void stopsBlocked(bool gone)
{
    Stream s(gone ? named("lost") : at("stall", "re306"));
    s.set(L"send-timeout", L"20000");
    s.set(L"reconnect-unlimited", L"on");
    s.rig.disconnect(0);
    OutPin *pin = s.rig.source->pin;
    pin[0].bufferSize = 1 << 18;
    s.rig.connect(0);
    s.run();
    s.connected();
    if (gone)
        s.pace(5000, [&] { return s.times(RTMPWriterReconnecting) > 0; });
    CHECK(list(s.statuses()) == (gone ? "0 2" : "0"), "the server is %s: %s", gone ? "gone" : "stalled", list(s.statuses()).c_str());
    for (int i = 0; i < 2; i++)
        pin[i].next = large(i, s.paced);
    s.rig.source->Run(0);
    bool blocked = pin[0].waitBlocked(gone ? 3000 : 10000) && pin[1].waitBlocked(3000);
    CHECK(blocked || gone, "both pins are blocked (server %s)", gone ? "gone" : "stalled");
    say("   server %s: blocked %d, after %ld and %ld samples, for %lu and %lu ms", gone ? "gone" : "stalled", blocked, long(pin[0].taken), long(pin[1].taken),
        (unsigned long)(GetTickCount() - pin[0].since), (unsigned long)(GetTickCount() - pin[1].since));
    Timed stop;
    CHECK_HR(s.stop(), S_OK);
    CHECK_BETWEEN(stop.ms(), 0, 500);
    CHECK(s.rig.source->waitDone(500), "both Receives have come back");
    for (int i = 0; i < 2; i++)
        CHECK_HR(pin[i].last, VFW_E_WRONG_STATE);
    s.rig.source->Stop();
}

// playsOn looks at a live source in an outage that fills the buffer: it may be held
// up for a moment, and goes on then.
static void playsOn()
{
    Stream s(named("away"));
    s.set(L"reconnect-unlimited", L"on");
    s.set(L"reconnect-interval", L"500");
    s.run();
    s.connected();
    s.pace(5000, [&] { return s.times(RTMPWriterReconnecting) > 0; });
    CHECK(list(s.statuses()) == "0 2", "the server is gone: %s", list(s.statuses()).c_str());
    OutPin *pin = s.rig.source->pin;
    for (int i = 0; i < 2; i++)
        pin[i].realTime = true;
    pin[0].next = [](long n, Sample &v) { return v = padded(clip::videoSample(n), 30000), true; };
    s.rig.source->Run(0);
    Sleep(7000);
    CHECK_BETWEEN(pin[0].longest, 0, 4500);
    CHECK_BETWEEN(pin[0].taken, 130, 180); // 175 in 7 s
    CHECK_BETWEEN(pin[1].taken, 225, 310); // 301
    CHECK_EQ(pin[0].refused + pin[1].refused, 0);
    CHECK_EQ(stateOf(s.rig.filter), State_Running);
    s.rig.stop();
}

static void neverBlocks()
{
    for (const WCHAR *overflow : { L"no-drop", L"drop" }) {
        Stream s(at("stall", "re307"));
        s.set(L"live-mode", L"on");
        s.set(L"buffer-overflow-mode", overflow);
        s.set(L"send-timeout", L"2000"); // and then it is an outage
        s.set(L"reconnect-unlimited", L"on");
        s.set(L"reconnect-interval", L"1000");
        s.run();
        s.connected();
        DWORD longest = 0;
        long n = 0;
        for (Timed all; all.ms() < 4000; n++) {
            Timed call;
            QUIET(s.give(0, padded(clip::videoSample(n), 100000)) == S_OK && s.audio(2 * n) == S_OK && s.audio(2 * n + 1) == S_OK, "samples %ld are taken", n);
            longest = std::max(longest, call.ms());
            Sleep(2);
        }
        CHECK(longest < 1000, "%ls: the longest Receive of %ld took %lu ms", overflow, 3 * n, (unsigned long)longest);
        CHECK(s.times(RTMPWriterReconnecting) > 0, "an outage was among them: %s", list(s.statuses()).c_str());
    }
}

// lowLatency ends the process when the last Receive has come back: what the Go
// test's server gets was on the socket then.
static void lowLatency()
{
    Stream s(at("live", "re308"));
    CHECK_HR(s.options->SetOutputBufferSize(0), S_OK);
    CHECK_HR(s.options->SetTcpNoDelay(TRUE), S_OK);
    CHECK_HR(s.options->ConnectServer(), S_OK);
    CHECK(s.connected() && list(s.statuses()) == "0", "connected before the start: %s", list(s.statuses()).c_str());
    OutPin *pin = s.rig.source->pin;
    for (int i = 0; i < 2; i++) {
        pin[i].next = i ? clip::audioSamples(86) : clip::videoSamples(clip::Annex4, 50);
        pin[i].realTime = true;
        pin[i].endOfStream = false;
    }
    s.run();
    s.rig.source->Run(0);
    CHECK(s.rig.source->waitDone(10000), "all is delivered");
    say("delivered re308 %ld %ld", long(pin[0].taken), long(pin[1].taken));
    say("   the longest Receive: video %ld ms, audio %ld ms", long(pin[0].longest), long(pin[1].longest));
    say("reconnect: %d passed, %d failed", checkRun.passed, checkRun.failed);
    TerminateProcess(GetCurrentProcess(), checkRun.failed ? 1 : 0);
}

static void cycles()
{
    limit(120);
    Resources before = {};
    for (int i = 0; i < 120; i++) {
        if (i == 20)
            before = Resources::now();
        Stream s(at("live", "re309"));
        s.run();
        QUIET(s.connected(), "round %d connects", i);
        QUIET(s.feed(0, 3), "round %d takes samples", i);
        s.stop();
    }
    checkLeft(before, 12, 4, 8192); // a thread of Go's has some handles
}

static void stopBlocked() { limit(40), stopsBlocked(false), stopsBlocked(true); }

static const Section all[] = {
    { 306, "Stop while both pins are blocked", stopBlocked },
    { 311, "the graph plays on in an outage", playsOn },
    { 307, "live mode never blocks", neverBlocks },
    { 309, "a hundred rounds", cycles },
    { 308, "low latency", lowLatency },
};

} // namespace waiting

static const Program waitingProgram("waiting", waiting::all, std::size(waiting::all));
