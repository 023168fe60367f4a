// flush.cpp: flushing and new segments (items 70–75).
#include "states.h"
#include <cmath>

static HRESULT give(Rig &rig, int i, long n)
{
    BareSample sample(i ? clip::audioSample(n) : clip::videoSample(n));
    HRESULT hr = rig.mem[i]->Receive(&sample);
    QUIET(sample.refs == 1, "the sample is released");
    return hr;
}

void flushRefuses()
{
    for (int i = 0; i < 2; i++) {
        FakeGraph graph;
        Rig rig(3, dataURL());
        rig.filter->JoinFilterGraph(&graph, L"renderer");
        rig.filter->Run(0);
        CHECK_HR(give(rig, i, 0), S_OK);
        CHECK_HR(give(rig, !i, 0), S_OK);
        CHECK_HR(rig.in[i]->BeginFlush(), S_OK);
        CHECK_HR(give(rig, i, 1), S_FALSE);
        CHECK_HR(rig.in[i]->EndOfStream(), S_FALSE);
        CHECK_HR(give(rig, !i, 1), S_OK); // the other pin
        CHECK_HR(rig.in[i]->EndFlush(), S_OK);
        CHECK_HR(give(rig, i, 2), S_OK); // the end had no effect
        CHECK_HR(rig.in[!i]->EndOfStream(), S_OK);
        Sleep(700);
        CHECK_EQ(graph.count(EC_COMPLETE), 0);
        rig.stop();
        rig.filter->JoinFilterGraph(nullptr, nullptr);
    }
}

void flushCancelsEnd()
{
    for (int i = 0; i < 2; i++) {
        FakeGraph graph;
        Rig rig(3, dataURL());
        rig.filter->JoinFilterGraph(&graph, L"renderer");
        rig.filter->Run(0);
        CHECK_HR(give(rig, i, 0), S_OK);
        CHECK_HR(rig.in[i]->EndOfStream(), S_OK);
        CHECK(give(rig, i, 1) != S_OK, "no data after the end");
        CHECK_HR(rig.in[i]->BeginFlush(), S_OK);
        CHECK_HR(rig.in[i]->EndFlush(), S_OK);
        CHECK_HR(give(rig, i, 2), S_OK);
        CHECK_HR(rig.in[!i]->EndOfStream(), S_OK);
        Sleep(700);
        CHECK_EQ(graph.count(EC_COMPLETE), 0);
        CHECK_HR(rig.in[i]->EndOfStream(), S_OK);
        if (checkRun.urlGiven) {
            CHECK(graph.wait(EC_COMPLETE, 1, 5000), "a new end completes");
            Sleep(300);
            CHECK_EQ(graph.count(EC_COMPLETE), 1);
        }
        rig.stop();
        rig.filter->JoinFilterGraph(nullptr, nullptr);
    }
}

void flushOddly()
{
    {
        Rig rig(1, dataURL()); // audio is not connected
        for (IPin *pin : rig.in) {
            CHECK_HR(pin->BeginFlush(), S_OK); // stopped
            CHECK_HR(pin->EndFlush(), S_OK);
            pin->EndFlush(); // unpaired
            pin->BeginFlush();
            pin->BeginFlush();
            pin->EndFlush();
            pin->EndFlush();
        }
        rig.filter->Run(0);
        CHECK_HR(give(rig, 0, 0), S_OK); // no effect
        for (IPin *pin : rig.in) {
            pin->EndFlush();
            pin->BeginFlush();
            pin->BeginFlush();
            pin->EndFlush();
            pin->EndFlush();
        }
        CHECK_HR(give(rig, 0, 1), S_OK);
        CHECK_HR(rig.in[0]->BeginFlush(), S_OK);
        CHECK_HR(give(rig, 0, 2), S_FALSE);
        rig.filter->Stop(); // ends the flush
        rig.filter->Run(0);
        CHECK_HR(give(rig, 0, 3), S_OK);
        rig.filter->Stop();
        // A flush that is ended after Stop.
        rig.filter->Run(0);
        CHECK_HR(rig.in[0]->BeginFlush(), S_OK);
        rig.filter->Stop();
        CHECK_HR(rig.in[0]->EndFlush(), S_OK);
        rig.filter->Run(0);
        CHECK_HR(give(rig, 0, 4), S_OK);
    }
    // From another thread, doubled, while data arrives.
    Rig rig(3, dataURL());
    for (OutPin &out : rig.source->pin)
        out.persist = true;
    rig.run();
    {
        Threads flushers;
        for (int t = 0; t < 4; t++)
            flushers.start([&rig, t] {
                for (int n = 0; n < 200; n++) {
                    rig.in[t & 1]->BeginFlush();
                    rig.in[t & 1]->EndFlush();
                }
            });
        CHECK(flushers.done(15000), "flushes from four threads come back");
    }
    LONG taken = rig.source->pin[0].taken;
    if (checkRun.urlGiven)
        CHECK(rig.source->pin[0].waitTaken(taken + 5, 5000), "data is taken again: %s", hrName(rig.source->pin[0].last).c_str());
}

void flushPaused()
{
    Rig rig(3, dataURL());
    rig.filter->Pause();
    rig.source->pin[0].next = clip::videoSamples(clip::Annex4, 5);
    rig.source->pin[1].next = clip::audioSamples(5);
    rig.source->pin[0].endOfStream = rig.source->pin[1].endOfStream = false;
    rig.source->Pause();
    Sleep(300);
    FILTER_STATE state;
    HRESULT before = rig.filter->GetState(1000, &state);
    Counts held = statistics(rig.filter);
    say("   held while paused: %d video, %d audio", int(held.videoBuffered), int(held.audioBuffered));
    CHECK(before == S_OK || before == VFW_S_CANT_CUE, "paused with data: %s", hrName(before).c_str());
    bool cues = [&] {
        Rig empty(3, dataURL());
        return empty.filter->Pause() == S_FALSE;
    }();
    CHECK_HR(rig.in[0]->BeginFlush(), S_OK);
    CHECK_HR(rig.in[0]->EndFlush(), S_OK);
    Counts now = statistics(rig.filter);
    CHECK(now.videoBuffered == 0, "the flush dropped the samples held: %d", int(now.videoBuffered));
    CHECK(now.audioBuffered == held.audioBuffered, "the other pin's are still there: %d", int(now.audioBuffered));
    CHECK_HR(rig.filter->GetState(0, &state), cues ? VFW_S_STATE_INTERMEDIATE : before);
    Threads giver;
    volatile HRESULT given = E_PENDING;
    giver.start([&] { given = give(rig, 0, 25); });
    Sleep(200);
    CHECK_HR(rig.filter->GetState(1000, &state), before); // a new sample completes it
    bool waits = given == E_PENDING; // a filter may hold it in Receive until Run
    CHECK(waits || given == S_OK, "the new sample is taken: %s", hrName(given).c_str());
    rig.stop();
    CHECK(giver.done(2000), "its Receive is back after Stop");
}

// timely measures one call.
template <class Call> static void timely(const char *what, Call call)
{
    Timed timed;
    HRESULT hr = call();
    DWORD ms = timed.ms();
    CHECK(ms <= 4000, "%s took %lu ms: %s", what, (unsigned long)ms, hrName(hr).c_str());
}

void flushInTime()
{
    inEachCondition([](const std::string &url) {
        for (DWORD after : { 100, 800, 3000 }) {
            Rig rig(3, url.c_str());
            rig.source->pin[0].next = large();
            rig.source->pin[0].persist = true;
            rig.run();
            Sleep(after);
            bool waits = rig.source->pin[0].inside && GetTickCount() - rig.source->pin[0].since > 100;
            say("   %s after %lu ms: %ld video samples taken, Receive %s", url.c_str(), (unsigned long)after, (long)rig.source->pin[0].taken,
                waits ? "waits" : "does not wait");
            timely("EndOfStream of audio", [&] { return rig.in[1]->EndOfStream(); });
            timely("BeginFlush", [&] { return rig.in[0]->BeginFlush(); });
            timely("EndFlush", [&] { return rig.in[0]->EndFlush(); });
            Sleep(100);
            timely("EndOfStream", [&] { return rig.in[0]->EndOfStream(); });
            timely("BeginFlush after the end", [&] { return rig.in[0]->BeginFlush(); });
            timely("EndFlush after the end", [&] { return rig.in[0]->EndFlush(); });
            rig.stop();
        }
    });
}

void newSegment()
{
    Rig rig(1, dataURL());
    const REFERENCE_TIME most = 0x7fffffffffffffffLL;
    struct Segment {
        REFERENCE_TIME start, stop;
        double rate;
    };
    auto all = [&](const char *when) {
        for (IPin *pin : rig.in)
            for (Segment s : { Segment{ 0, most, 1 }, { 0, 0, 0 }, { -1, -1, -1 }, { most, -most, INFINITY }, { -most - 1, most, NAN }, { 5, 3, 1e300 }, { 1LL << 40, 1LL << 41, 1.25 } }) {
                HRESULT hr = pin->NewSegment(s.start, s.stop, s.rate);
                CHECK(hr == S_OK, "%s: NewSegment(%lld, %lld, %g): %s", when, (long long)s.start, (long long)s.stop, s.rate, hrName(hr).c_str());
            }
    };
    all("stopped");
    rig.filter->Pause();
    all("paused");
    rig.filter->Run(0);
    all("running");
    CHECK_HR(give(rig, 0, 0), S_OK);
    all("running, after a sample");
    CHECK_HR(give(rig, 0, 1), S_OK);
    rig.in[0]->BeginFlush();
    all("flushing");
    rig.in[0]->EndFlush();
    CHECK_HR(give(rig, 0, 2), S_OK);
    rig.in[0]->EndOfStream();
    all("after the end");
    rig.filter->Stop();
    all("stopped again");
}
