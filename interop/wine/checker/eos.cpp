// eos: the end of the stream (76 to 85). The URL is that of the Go test's stage,
// with a slash behind it. drained.cpp has what goes out before EC_COMPLETE.
#include "stream.h"

namespace eos {

// ended tells whether EC_COMPLETE has come so often, and no oftener a moment
// later.
static bool ended(Stream &s, int wanted, DWORD ms = soon)
{
    return s.graph.wait(EC_COMPLETE, wanted, ms) && s.quiet(EC_COMPLETE, 300) && s.graph.count(EC_COMPLETE) == wanted;
}

static void bothPins()
{
    for (int first = 0; first < 2; first++) {
        Stream s(at("live", first ? "eos76a" : "eos76v"));
        s.run();
        QUIET(s.feed(0, 5), "samples are taken");
        CHECK_HR(s.rig.in[first]->EndOfStream(), S_OK);
        CHECK(s.quiet(EC_COMPLETE, 500), "no EC_COMPLETE after the end of pin %d alone", first);
        CHECK_HR(s.rig.in[!first]->EndOfStream(), S_OK);
        CHECK(ended(s, 1), "one EC_COMPLETE after the end of both");
    }
}

static void atOnce()
{
    Stream s(at("live", "eos76"));
    HANDLE go = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    for (int round = 1; round <= 10; round++) {
        s.run();
        ResetEvent(go);
        auto end = [&](int pin) {
            WaitForSingleObject(go, INFINITE);
            s.rig.in[pin]->EndOfStream();
        };
        {
            Worker video([&] { end(0); }), audio([&] { end(1); });
            SetEvent(go);
        }
        QUIET(s.graph.wait(EC_COMPLETE, round, soon), "EC_COMPLETE of round %d", round);
        s.stop();
    }
    Sleep(300);
    CHECK_EQ(s.graph.count(EC_COMPLETE), 10);
    CloseHandle(go);
}

static void onePin()
{
    for (int pin = 0; pin < 2; pin++) {
        Stream s(at("live", pin ? "eos77a" : "eos77v"), 1 << pin);
        s.run();
        QUIET(s.feed(0, 5), "samples are taken");
        s.endAll();
        CHECK(ended(s, 1), "one EC_COMPLETE with pin %d alone", pin);
    }
}

static void paused()
{
    Stream s(at("live", "eos78"));
    CHECK_HR_OF(s.rig.filter->Pause(), S_OK, S_FALSE);
    QUIET(s.feed(0, 3), "samples are taken in pause");
    CHECK_HR(s.rig.in[0]->EndOfStream(), S_OK);
    CHECK_HR(s.rig.in[1]->EndOfStream(), S_OK);
    CHECK(s.quiet(EC_COMPLETE, 500), "no EC_COMPLETE while paused");
    s.run();
    CHECK(ended(s, 1), "one EC_COMPLETE after Run");
}

static void stopped()
{
    Stream s(at("live", "eos79"));
    s.endAll();
    CHECK(s.quiet(EC_COMPLETE, 300), "no event while stopped");
    s.run();
    CHECK(s.quiet(EC_COMPLETE, 700), "nor after Run");
    CHECK(s.feed(0, 3), "samples are taken");
}

static void twice()
{
    Stream s(at("live", "eos80"));
    s.run();
    QUIET(s.feed(0, 3), "samples are taken");
    s.rig.in[0]->EndOfStream();
    s.rig.in[0]->EndOfStream();
    CHECK(s.quiet(EC_COMPLETE, 300), "two ends of one pin are not those of two");
    CHECK(s.video(3) != S_OK, "a sample behind the end is refused");
    CHECK_HR(s.audio(6), S_OK);
    s.rig.in[1]->EndOfStream();
    CHECK(ended(s, 1), "one EC_COMPLETE");
    s.endAll();
    CHECK(s.quiet(EC_COMPLETE, 300), "no second one");
    CHECK(s.video(4) != S_OK && s.audio(8) != S_OK, "samples are refused on both pins");
}

static void empty()
{
    Stream s(at("live", "eos81"));
    s.run();
    s.endAll();
    CHECK(ended(s, 1), "EC_COMPLETE without any sample");
}

static void again()
{
    Stream s(at("live", "eos82"));
    s.run();
    QUIET(s.feed(0, 3), "samples are taken");
    s.endAll();
    CHECK(ended(s, 1), "EC_COMPLETE");
    s.stop();
    s.run();
    CHECK(s.quiet(EC_COMPLETE, 500), "nothing old after Stop and Run");
    CHECK(s.feed(0, 3), "samples are taken again");
    s.endAll();
    CHECK(ended(s, 2), "a new end, a new EC_COMPLETE");
    for (IPin *pin : s.rig.in) {
        pin->BeginFlush();
        pin->EndFlush();
    }
    CHECK(s.quiet(EC_COMPLETE, 300), "nothing old after a flush");
    CHECK(s.feed(3, 6), "samples are taken after a flush");
    s.endAll();
    CHECK(ended(s, 3), "EC_COMPLETE after the flush");
    s.rig.in[0]->BeginFlush();
    s.rig.in[0]->EndFlush();
    s.rig.in[0]->EndOfStream();
    CHECK(ended(s, 4), "EC_COMPLETE after a flush of one pin");
}

static void pausedBehindEnd()
{
    Stream s(at("live", "eos83"));
    s.run();
    s.endAll();
    CHECK(ended(s, 1), "EC_COMPLETE");
    s.rig.filter->Pause();
    CHECK(s.quiet(EC_COMPLETE, 300), "none while paused");
    s.run();
    Sleep(500);
    CHECK_BETWEEN(s.graph.count(EC_COMPLETE), 1, 2);
}

static void parameters()
{
    Stream s(at("live", "eos84"));
    s.run();
    ULONG before = references(s.rig.filter);
    s.endAll();
    QUIET(s.graph.wait(EC_COMPLETE, 1, soon), "EC_COMPLETE");
    for (const Event &e : s.graph.all(EC_COMPLETE)) {
        CHECK_EQ(e.first, S_OK);
        CHECK(!e.second || e.second == (LONG_PTR)s.rig.filter, "the second is NULL or the filter");
    }
    CHECK_EQ(references(s.rig.filter), before);
}

// left streams to an application, stops the filter and looks for what still comes,
// before and after it leaves the graph.
static void left(const char *app, bool end)
{
    Stream s(at(app, "eos85"));
    s.set(L"reconnect-attempts", L"5");
    s.set(L"live-mode", L"on");
    s.run();
    s.connected();
    s.pace(300);
    if (end)
        s.endAll();
    s.stop();
    int before = s.graph.count(-1);
    Sleep(4000); // longer than a connection is closed in the background
    CHECK(s.graph.count(-1) == before, "no event after Stop (%s%s)", app, end ? ", ended" : "");
    s.run();
    s.feed(0, 3);
    s.stop();
    s.rig.filter->JoinFilterGraph(nullptr, nullptr);
    before = s.graph.count(-1);
    Sleep(500);
    CHECK(s.graph.count(-1) == before, "no event outside the graph (%s%s)", app, end ? ", ended" : "");
}

static void silence()
{
    limit(30);
    {
        Worker a([] { left("live", false); }), b([] { left("live", true); }), c([] { left("stall", true); }), d([] { left("lost", false); });
    }
    FakeGraph mute(false);
    Rig rig(3, at("live", "eos85mute").c_str());
    for (int round = 0; round < 2; round++) { // without a graph, then with one that hears nothing
        if (round)
            CHECK_HR(rig.filter->JoinFilterGraph(&mute, L"mute"), S_OK);
        rig.filter->Run(0);
        rig.in[0]->EndOfStream();
        rig.in[1]->EndOfStream();
        Sleep(300);
        CHECK_HR(rig.filter->Stop(), S_OK);
    }
    rig.filter->JoinFilterGraph(nullptr, nullptr);
}

static const Section all[] = {
    { 76, "one EC_COMPLETE after all pins", bothPins },
    { 76, "ends at the same moment", atOnce },
    { 77, "one pin connected", onePin },
    { 78, "end while paused", paused },
    { 79, "end while stopped", stopped },
    { 80, "a second end", twice },
    { 81, "no sample before the end", empty },
    { 82, "after Stop and Run, after a flush", again },
    { 83, "Pause and Run behind the end", pausedBehindEnd },
    { 84, "parameters of EC_COMPLETE", parameters },
    { 85, "no event after Stop", silence },
};

} // namespace eos

static const Program eosProgram("eos", eos::all, std::size(eos::all));
