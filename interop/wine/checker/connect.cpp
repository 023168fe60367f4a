// connect.cpp: connecting and disconnecting (items 46–50).
#include "pins.h"

// refusesConnection checks an answer, and that it left no reference behind.
static void refusesConnection(Rig &rig, int i, const char *what, IPin *from, const AM_MEDIA_TYPE *type, HRESULT want)
{
    LONG before[] = { rig.source->pin[0].refs, rig.source->pin[1].refs };
    ULONG own = references(rig.filter);
    HRESULT hr = rig.in[i]->ReceiveConnection(from, type);
    CHECK(hr == want || (want == E_POINTER && hr == E_INVALIDARG), "%s: %s, wanted %s", what, hrName(hr).c_str(), hrName(want).c_str());
    CHECK(rig.source->pin[0].refs == before[0] && rig.source->pin[1].refs == before[1] && references(rig.filter) == own, "%s: no reference is left", what);
}

void receiveConnection()
{
    Rig rig(2, dataURL()); // audio is connected, video is not
    IPin *out = &rig.source->pin[0];
    Type good = videoType(), bad = audioType();
    // over is the answer that comes before those about direction and type.
    auto all = [&](const char *when, HRESULT over) {
        say("   video pin, %s", when);
        refusesConnection(rig, 0, "no connector", nullptr, &good, E_POINTER);
        refusesConnection(rig, 0, "no type", out, nullptr, E_POINTER);
        refusesConnection(rig, 0, "neither", nullptr, nullptr, E_POINTER);
        refusesConnection(rig, 0, "an input pin", rig.in[1], &good, over ? over : VFW_E_INVALID_DIRECTION);
        refusesConnection(rig, 0, "an input pin with a refused type", rig.in[1], &bad, over ? over : VFW_E_INVALID_DIRECTION);
        refusesConnection(rig, 0, "a refused type", out, &bad, over ? over : VFW_E_TYPE_NOT_ACCEPTED);
        if (over)
            refusesConnection(rig, 0, "all in order", out, &good, over);
    };
    all("stopped", S_OK);
    CHECK(isFree(rig.in[0]), "the pin is as before");
    rig.filter->Pause();
    all("paused", VFW_E_NOT_STOPPED);
    rig.run();
    all("running", VFW_E_NOT_STOPPED);
    rig.stop();
    CHECK(isFree(rig.in[0]), "the pin is as before");

    Source *other = new Source;
    rig.connect(0);
    auto taken = [&](const char *when) {
        say("   video pin connected, %s", when);
        refusesConnection(rig, 0, "no connector", nullptr, &good, E_POINTER);
        refusesConnection(rig, 0, "no type", out, nullptr, E_POINTER);
        refusesConnection(rig, 0, "another source", &other->pin[0], &good, VFW_E_ALREADY_CONNECTED);
        refusesConnection(rig, 0, "the same source", out, &good, VFW_E_ALREADY_CONNECTED);
        refusesConnection(rig, 0, "a refused type", &other->pin[0], &bad, VFW_E_ALREADY_CONNECTED);
        refusesConnection(rig, 0, "an input pin", rig.in[1], &good, VFW_E_ALREADY_CONNECTED);
        CHECK_EQ(other->refs, 1);
    };
    taken("stopped");
    rig.run();
    taken("running");
    rig.stop();
    IPin *peer = nullptr;
    CHECK(rig.in[0]->ConnectedTo(&peer) == S_OK && peer == out, "the pin is as before");
    if (peer)
        peer->Release();
    other->Release();
}

void connected()
{
    Rig rig(0, nullptr);
    for (int i = 0; i < 2; i++) {
        OutPin &out = rig.source->pin[i];
        Type type = out.type;
        CHECK_HR(rig.in[i]->ReceiveConnection(&out, &type), S_OK);
        CHECK(out.refs >= 1, "the connector is referenced: %ld", (long)out.refs);
        LONG held = out.refs;
        IPin *peer = nullptr;
        CHECK_HR(rig.in[i]->ConnectedTo(&peer), S_OK);
        CHECK(peer == &out, "ConnectedTo gives it");
        CHECK_EQ(out.refs, held + 1);
        out.Release();
        memset(type.block.data(), 0xee, type.block.size()); // the filter has its own copy
        AM_MEDIA_TYPE one = {}, two = {};
        CHECK_HR(rig.in[i]->ConnectionMediaType(&one), S_OK);
        CHECK(out.type.same(one), "ConnectionMediaType is what was connected");
        CHECK(one.pbFormat != type.pbFormat && ofTaskMemory(one.pbFormat), "its block is a copy");
        memset(one.pbFormat, 0xdd, one.cbFormat);
        CHECK_HR(rig.in[i]->ConnectionMediaType(&two), S_OK);
        CHECK(one.pbFormat != two.pbFormat && out.type.same(two), "the copy is made for this call");
        freeBlock(&one);
        freeBlock(&two);
        CHECK_HR(rig.in[i]->Disconnect(), S_OK);
        CHECK_EQ(out.refs, 0);
    }
    // A type without block.
    Type none = videoTypeNone();
    AM_MEDIA_TYPE back;
    memset(&back, 0xcc, sizeof back);
    CHECK_HR(rig.in[0]->ReceiveConnection(&rig.source->pin[0], &none), S_OK);
    CHECK_HR(rig.in[0]->ConnectionMediaType(&back), S_OK);
    CHECK(none.same(back) && !back.pbFormat && !back.pUnk, "a type without block comes back without");
    rig.in[0]->Disconnect();
}

static void checkUnconnected(IPin *pin)
{
    IPin *peer = (IPin *)1;
    AM_MEDIA_TYPE type, zeroed = {};
    memset(&type, 0xcc, sizeof type);
    CHECK_HR(pin->ConnectedTo(&peer), VFW_E_NOT_CONNECTED);
    CHECK(!peer, "ConnectedTo leaves NULL");
    CHECK_HR(pin->ConnectionMediaType(&type), VFW_E_NOT_CONNECTED);
    bool zero = type.majortype == zeroed.majortype && type.subtype == zeroed.subtype && type.formattype == zeroed.formattype && !type.cbFormat && !type.pbFormat && !type.pUnk
        && !type.lSampleSize;
    CHECK(zero, "the type is zeroed");
}

void unconnected()
{
    Rig rig(0, nullptr);
    for (int i = 0; i < 2; i++) {
        checkUnconnected(rig.in[i]);
        rig.connect(i);
        rig.disconnect(i);
        checkUnconnected(rig.in[i]);
    }
}

void connectOnInput()
{
    Rig rig(0, nullptr);
    Type type = videoType();
    for (int i = 0; i < 2; i++) {
        for (const AM_MEDIA_TYPE *wanted : { (const AM_MEDIA_TYPE *)nullptr, (const AM_MEDIA_TYPE *)&type }) {
            HRESULT hr = rig.in[i]->Connect(&rig.source->pin[i], wanted);
            CHECK(FAILED(hr), "Connect on input pin %d: %s", i, hrName(hr).c_str());
        }
        HRESULT hr = rig.in[i]->Connect(nullptr, nullptr);
        CHECK(FAILED(hr), "Connect to nothing on input pin %d: %s", i, hrName(hr).c_str());
        CHECK(isFree(rig.in[i]) && rig.source->pin[i].refs == 0, "nothing is connected");
    }
}

void disconnects()
{
    Rig rig(3, dataURL());
    FakeAllocator allocator;
    IPin *peer = nullptr;
    CHECK_HR(rig.mem[0]->NotifyAllocator(&allocator, FALSE), S_OK);
    CHECK(allocator.refs > 1, "the allocator is held");
    CHECK_HR(rig.in[0]->Disconnect(), S_OK);
    CHECK(allocator.refs == 1, "the allocator is released: %ld", (long)allocator.refs);
    rig.source->pin[0].Disconnect();
    CHECK(rig.source->pin[0].refs == 0, "the peer is released: %ld", (long)rig.source->pin[0].refs);
    CHECK_HR(rig.in[0]->Disconnect(), S_FALSE);
    CHECK(rig.in[1]->ConnectedTo(&peer) == S_OK && peer == &rig.source->pin[1], "the other pin is untouched");
    rig.source->pin[1].Release();
    for (FILTER_STATE state : { State_Paused, State_Running }) {
        state == State_Paused ? rig.filter->Pause() : rig.filter->Run(0);
        CHECK_HR(rig.in[1]->Disconnect(), VFW_E_NOT_STOPPED);
        CHECK_HR_OF(rig.in[0]->Disconnect(), S_FALSE, VFW_E_NOT_STOPPED); // the base classes ask for the state first
        CHECK(rig.in[1]->ConnectedTo(&peer) == S_OK && peer == &rig.source->pin[1], "still connected");
        rig.source->pin[1].Release();
    }
    rig.filter->Stop();
    CHECK_HR(rig.in[1]->Disconnect(), S_OK);
    rig.source->pin[1].Disconnect();
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 2; i++) {
            rig.connect(i);
            QUIET(rig.in[i]->Disconnect() == S_OK, "round %d: pin %d disconnects", round, i);
            rig.source->pin[i].Disconnect();
        }
        QUIET(rig.source->refs == 1, "round %d: the source is released", round);
    }
    CHECK(true, "50 more connections");
    rig.connect(0);
    rig.connect(1);
    rig.run();
    CHECK(rig.source->pin[0].waitTaken(5, 5000) && rig.source->pin[1].waitTaken(5, 5000), "samples flow after that");
}
