// blocked.cpp: Receive while paused and while it waits for room (items 64, 66 and 67).
#include "states.h"

// freed waits until the Receive that was sample number `offered` is back; at once is
// within 2 s.
static bool freed(const OutPin &out, LONG offered)
{
    return waitUntil(2000, [&] { return !out.inside || out.offered != offered; });
}
static bool freed(const OutPin &out) { return freed(out, out.offered); }

// PausedRig is a filter that is paused with a source that has filled it.
struct PausedRig : Rig {
    bool blocked;
    PausedRig()
        : Rig(3, dataURL())
    {
        source->pin[0].next = large();
        filter->Pause();
        source->Pause();
        blocked = source->pin[0].waitBlocked(3000);
        say("   paused: %ld video and %ld audio samples taken, Receive %s", (long)source->pin[0].taken, (long)source->pin[1].taken, blocked ? "waits" : "does not wait");
    }
};

void pausedReceive()
{
    limit(45);
    {
        PausedRig rig;
        OutPin &out = rig.source->pin[0];
        out.persist = true;
        LONG taken = out.taken;
        rig.run();
        // Where nothing takes the data Run can't make room.
        if (rig.blocked && checkRun.urlGiven)
            CHECK(out.waitTaken(taken + 1, 2000) && !out.refused, "Run sets it free, with S_OK: %s", hrName(out.last).c_str());
        Timed timed;
        rig.filter->Stop();
        CHECK(freed(out) && freed(rig.source->pin[1]), "Stop sets it free after %lu ms: %s", (unsigned long)timed.ms(), hrName(out.last).c_str());
    }
    {
        PausedRig rig;
        Timed timed;
        CHECK_HR(rig.filter->Stop(), S_OK);
        CHECK(freed(rig.source->pin[0]) && freed(rig.source->pin[1]), "Stop while paused sets it free after %lu ms", (unsigned long)timed.ms());
        if (rig.blocked)
            CHECK(rig.source->pin[0].last != S_OK, "with another answer than S_OK: %s", hrName(rig.source->pin[0].last).c_str());
    }
    {
        PausedRig rig;
        CHECK_HR(rig.in[0]->BeginFlush(), S_OK);
        CHECK(freed(rig.source->pin[0]), "BeginFlush sets it free");
        if (rig.blocked)
            CHECK_HR(rig.source->pin[0].last, S_FALSE);
        CHECK_HR(rig.in[0]->EndFlush(), S_OK);
    }
    for (int round = 0; round < 5; round++) {
        PausedRig rig;
        LONG waiting[] = { rig.source->pin[0].offered, rig.source->pin[1].offered };
        for (int i = 0; i < 2; i++) {
            CHECK_HR(rig.in[i]->BeginFlush(), S_OK);
            CHECK_HR(rig.in[i]->EndFlush(), S_OK); // before the waiting thread has woken
            CHECK(freed(rig.source->pin[i], waiting[i]), "pin %d: a flush begun and ended at once sets it free: %s", i, hrName(rig.source->pin[i].last).c_str());
        }
    }
}

// answers asks everything that must answer at any time.
static void answers(Rig &rig)
{
    FILTER_STATE state = FILTER_STATE(-1);
    IEnumPins *all = nullptr;
    IPin *peer = nullptr;
    PIN_INFO info = {};
    FILTER_INFO filterInfo = {};
    AM_MEDIA_TYPE type = {};
    CHECK_HR(rig.filter->GetState(0, &state), S_OK);
    CHECK_HR(rig.filter->EnumPins(&all), S_OK);
    all->Release();
    for (int i = 0; i < 2; i++) {
        CHECK_HR(rig.in[i]->QueryPinInfo(&info), S_OK);
        info.pFilter->Release();
        CHECK_HR(rig.in[i]->QueryAccept(&rig.source->pin[i].type), S_OK);
        CHECK_HR(rig.in[i]->ConnectedTo(&peer), S_OK);
        peer->Release();
        CHECK_HR(rig.in[i]->ConnectionMediaType(&type), S_OK);
        freeBlock(&type);
    }
    CHECK_HR(rig.filter->QueryFilterInfo(&filterInfo), S_OK);
    CHECK_HR(rig.filter->SetSyncSource(nullptr), S_OK);
    statistics(rig.filter);
}

void answersWhileBlocked()
{
    for (bool paused : { true, false }) {
        Rig rig(3, dataURL());
        rig.source->pin[0].next = large();
        paused ? rig.filter->Pause() : rig.filter->Run(0);
        paused ? rig.source->Pause() : rig.source->Run(0);
        if (!rig.source->pin[0].waitBlocked(3000)) {
            CHECK(true, "Receive does not wait while %s", paused ? "paused" : "running");
            continue;
        }
        LONG waiting = rig.source->pin[0].offered;
        Threads caller;
        caller.start([&] { answers(rig); });
        CHECK(caller.done(2000), "all of them answer while Receive waits, %s", paused ? "paused" : "running");
        say("   Receive %s meanwhile", rig.source->pin[0].inside && rig.source->pin[0].offered == waiting ? "waited" : "came back");
        rig.filter->Stop(); // what hangs in the filter may come back then
    }
}

static void stops(const std::string &url, bool paused, DWORD after)
{
    Rig rig(3, url.c_str());
    rig.source->pin[0].next = large();
    paused ? rig.filter->Pause() : rig.filter->Run(0);
    paused ? rig.source->Pause() : rig.source->Run(0);
    Sleep(after);
    bool inside = rig.source->pin[0].inside && GetTickCount() - rig.source->pin[0].since > 10;
    Timed timed;
    CHECK_HR(rig.filter->Stop(), S_OK);
    DWORD ms = timed.ms();
    CHECK(ms <= 5000, "%s, %s, after %lu ms: Stop took %lu ms", url.c_str(), paused ? "paused" : "running", (unsigned long)after, (unsigned long)ms);
    CHECK(freed(rig.source->pin[0]) && freed(rig.source->pin[1]), "Receive %s and is back", inside ? "waited" : "did not wait");
    CHECK_EQ(stateOf(rig.filter), State_Stopped);
}

void stopWhileBlocked()
{
    inEachCondition([](const std::string &url) {
        stops(url, true, 500);
        for (DWORD after : { 0, 20, 300, 1500, 3500 })
            stops(url, false, after);
    });
}
