// enumerate.cpp: enumerating, finding and asking pins (items 29–37).
#include "pins.h"
#include "enumerator.h"

static void releasePin(IPin *pin) { pin->Release(); }
static bool samePin(IPin *a, IPin *b) { return a == b; }

static IEnumPins *pinsOf(IBaseFilter *filter)
{
    IEnumPins *all = nullptr;
    QUIET(filter->EnumPins(&all) == S_OK && all, "EnumPins");
    return all;
}

void twoPins()
{
    Rig rig(3, dataURL());
    auto check = [&](const char *when) {
        IEnumPins *all = pinsOf(rig.filter);
        IPin *pins[3] = {};
        ULONG got = 0;
        CHECK(all->Next(3, pins, &got) == S_FALSE && got == 2, "%s: two pins: %lu", when, (unsigned long)got);
        for (int i = 0; i < 2; i++) {
            PIN_DIRECTION direction = PINDIR_OUTPUT;
            CHECK(pins[i] == rig.in[i], "%s: pin %d is the same object", when, i);
            CHECK(pins[i]->QueryDirection(&direction) == S_OK && direction == PINDIR_INPUT, "%s: pin %d is an input", when, i);
            pins[i]->Release();
        }
        all->Release();
    };
    check("before");
    CHECK(rig.in[0]->QueryAccept(&rig.source->pin[0].type) == S_OK && rig.in[1]->QueryAccept(&rig.source->pin[0].type) == S_FALSE, "the first is for video");
    CHECK(rig.in[1]->QueryAccept(&rig.source->pin[1].type) == S_OK && rig.in[0]->QueryAccept(&rig.source->pin[1].type) == S_FALSE, "the second is for audio");
    rig.filter->Pause();
    check("paused");
    rig.run();
    check("running");
    rig.stop();
    check("after");
}

void enumeratePins()
{
    IBaseFilter *filter = newFilter();
    IEnumPins *all = pinsOf(filter);
    IPin *one[4] = {}, *again[4] = {};
    ULONG got = 9;
    ULONG before = references(filter);
    CHECK_HR(all->Next(2, one, &got), S_OK);
    CHECK_EQ(got, 2);
    // A pin counts on the filter or by itself: with its reference it has one to lose.
    CHECK(references(one[0]) >= 1 && references(one[1]) >= 1, "each pin comes with a reference");
    CHECK_HR(all->Next(1, again, &got), S_FALSE);
    CHECK_EQ(got, 0);
    all->Reset();
    got = 9;
    CHECK_HR(all->Next(4, again, &got), S_FALSE);
    CHECK_EQ(got, 2);
    CHECK(again[0] == one[0] && again[1] == one[1], "the same pins again");
    for (IPin *pin : { one[0], one[1], again[0], again[1] })
        pin->Release();
    CHECK_EQ(references(filter), before);
    all->Release();
    CHECK_EQ(filter->Release(), 0);
}

void nextWithoutCount()
{
    IBaseFilter *filter = newFilter();
    IEnumPins *all = pinsOf(filter);
    checkNextWithoutCount(all, releasePin);
    all->Release();
    filter->Release();
}

void skipResetClone()
{
    IBaseFilter *filter = newFilter();
    IEnumPins *all = pinsOf(filter);
    checkSkipResetClone(all, 2, releasePin, samePin);
    all->Release();
    CHECK_EQ(filter->Release(), 0);
}

void findByID()
{
    Rig rig(0, nullptr);
    std::wstring names[2];
    for (int i = 0; i < 2; i++) {
        LPWSTR id = nullptr;
        CHECK_HR(rig.in[i]->QueryId(&id), S_OK);
        if (!CHECK(ofTaskMemory(id), "the identifier is of the COM allocator: %s", narrow(id).c_str()))
            continue;
        names[i] = id;
        ULONG before = references(rig.in[i]);
        IPin *found = nullptr;
        CHECK_HR(rig.filter->FindPin(id, &found), S_OK);
        CHECK(found == rig.in[i], "FindPin turns it back");
        CHECK(references(rig.in[i]) == before + 1, "with a reference");
        if (found)
            found->Release();
        CoTaskMemFree(id);
    }
    CHECK(names[0] != names[1] && !names[0].empty(), "identifiers differ");
}

void findOthers()
{
    IBaseFilter *filter = newFilter();
    std::wstring lengthy(10000, L'x');
    for (const WCHAR *id : { L"", L"In", L"Input", L"1", L"pin", L"Video ", L" Audio", L"Vide", L"Audio2", lengthy.c_str() }) {
        IPin *found = (IPin *)1;
        HRESULT hr = filter->FindPin(id, &found);
        CHECK(hr == VFW_E_NOT_FOUND && !found, "FindPin(\"%.20s\"): %s, out %p", narrow(id).c_str(), hrName(hr).c_str(), (void *)found);
    }
    filter->Release();
}

void pinInfo()
{
    Rig rig(1, nullptr);
    for (int i = 0; i < 2; i++) {
        PIN_INFO info;
        memset(&info, 0xcc, sizeof info);
        ULONG before = references(rig.filter);
        CHECK_HR(rig.in[i]->QueryPinInfo(&info), S_OK);
        CHECK_EQ(info.dir, PINDIR_INPUT);
        CHECK(info.pFilter == rig.filter, "the filter of pin %d", i);
        CHECK_EQ(references(rig.filter), before + 1);
        CHECK(info.achName[0] && info.achName[0] != 0xcccc, "the pin's name: %s", narrow(info.achName).c_str());
        info.pFilter->Release();
        PIN_DIRECTION direction = PINDIR_OUTPUT;
        CHECK_HR(rig.in[i]->QueryDirection(&direction), S_OK);
        CHECK_EQ(direction, PINDIR_INPUT);
    }
}

void internalConnections()
{
    Rig rig(1, nullptr);
    for (IPin *pin : rig.in) {
        ULONG count = 2;
        IPin *inside[2] = {};
        CHECK_HR(pin->QueryInternalConnections(inside, &count), E_NOTIMPL);
        CHECK_HR(pin->QueryInternalConnections(nullptr, &count), E_NOTIMPL);
    }
}

void pinNull()
{
    Rig rig(1, nullptr); // the one connected, the other not
    for (IPin *pin : rig.in) {
        ULONG before = references(pin);
        CHECK_SAFE(pin->ConnectedTo(nullptr));
        CHECK_SAFE(pin->ConnectionMediaType(nullptr));
        CHECK_SAFE(pin->QueryPinInfo(nullptr));
        CHECK_SAFE(pin->QueryDirection(nullptr));
        CHECK_SAFE(pin->QueryId(nullptr));
        CHECK_SAFE(pin->QueryAccept(nullptr));
        CHECK_SAFE(pin->EnumMediaTypes(nullptr));
        CHECK_HR_OF(pin->QueryInternalConnections(nullptr, nullptr), E_NOTIMPL, E_POINTER, E_INVALIDARG);
        CHECK_EQ(references(pin), before);
    }
}
