// rig.h: the filter under test, alone or connected to a source without a graph.
//
//     Rig rig;                       // both pins connected, URL set; rig.filter, rig.source, rig.in[0], rig.mem[0]
//     Rig video(1), audio(2), none(0);
//     rig.filter->Run(0); rig.source->Run(0); …
// Its end stops, disconnects and releases everything, and checks that the filter's
// last Release gives 0.
#pragma once
#include "clip.h"
#include "fake.h"

const CLSID clsidRenderer = { 0xb4fb59c5, 0x983b, 0x4d96, { 0x92, 0x04, 0xf8, 0xb0, 0xe4, 0x67, 0x04, 0xee } };
const CLSID clsidPage = { 0xefc673de, 0xe20e, 0x4699, { 0x83, 0x31, 0x95, 0x22, 0xc5, 0xdf, 0x7a, 0x6d } };
const IID iidRTMPOptions = { 0xb8af4593, 0xbe31, 0x449c, { 0x84, 0x85, 0x3e, 0x6d, 0x65, 0xcb, 0xc1, 0xfe } };

// newFilter makes a filter; a program without one has nothing to check and ends.
inline IBaseFilter *newFilter()
{
    IBaseFilter *filter = nullptr;
    HRESULT hr = CoCreateInstance(clsidRenderer, nullptr, CLSCTX_INPROC_SERVER, IID_IBaseFilter, (void **)&filter);
    if (hr == S_OK && filter)
        return filter;
    CHECK_HR(hr, S_OK);
    say("%s: %d passed, %d failed", checkRun.name, checkRun.passed, checkRun.failed);
    TerminateProcess(GetCurrentProcess(), 1);
    return nullptr;
}

// references is the count of an object at this moment.
template <class Interface> ULONG references(Interface *object)
{
    object->AddRef();
    return object->Release();
}

// query gives another interface of the object, or NULL.
template <class Interface, class From> Interface *query(From *object)
{
    Interface *out = nullptr;
    return object->QueryInterface(__uuidof(Interface), (void **)&out) == S_OK ? out : nullptr;
}

inline HRESULT setURL(IBaseFilter *filter, const char *url)
{
    auto sink = query<IFileSinkFilter>(filter);
    if (!sink)
        return E_NOINTERFACE;
    HRESULT hr = sink->SetFileName(wide(url).c_str(), nullptr);
    sink->Release();
    return hr;
}

// pinAt gives pin n of the filter's enumeration.
inline IPin *pinAt(IBaseFilter *filter, ULONG n)
{
    IEnumPins *all = nullptr;
    IPin *pin = nullptr;
    if (filter->EnumPins(&all) != S_OK)
        return nullptr;
    if (n)
        all->Skip(n);
    all->Next(1, &pin, nullptr);
    all->Release();
    return pin;
}

inline FILTER_STATE stateOf(IBaseFilter *filter)
{
    FILTER_STATE state = FILTER_STATE(-1);
    filter->GetState(0, &state);
    return state;
}

// Timed measures a call, in milliseconds: ms for what may not take longer, real
// for what may not take less.
struct Timed {
    LONG began = patientTime();
    ULONGLONG realBegan = realTime();
    DWORD ms() const { return patientTime() - began; }
    DWORD real() const { return DWORD(realTime() - realBegan); }
    // Not GetTickCount: Wine's server counts these ticks, and falls behind when the
    // machine is busy.
    static ULONGLONG realTime()
    {
        LARGE_INTEGER count, frequency;
        QueryPerformanceCounter(&count);
        QueryPerformanceFrequency(&frequency);
        return ULONGLONG(count.QuadPart) * 1000 / frequency.QuadPart;
    }
};

struct Rig {
    IBaseFilter *filter;
    Source *source;
    IPin *in[2];
    IMemInputPin *mem[2];

    // pins: bit 0 connects video, bit 1 audio. A NULL url sets none.
    explicit Rig(int pins = 3, const char *url = checkURL())
        : filter(newFilter()), source(new Source)
    {
        if (url)
            QUIET(setURL(filter, url) == S_OK, "SetFileName(%s)", url);
        for (int i = 0; i < 2; i++) {
            in[i] = pinAt(filter, i);
            mem[i] = query<IMemInputPin>(in[i]);
            source->pin[i].next = i ? clip::audioSamples() : clip::videoSamples();
            if (pins & 1 << i)
                connect(i);
        }
    }

    HRESULT connect(int i)
    {
        HRESULT hr = source->pin[i].Connect(in[i], nullptr);
        QUIET(hr == S_OK, "pin %d connects: %s", i, hrName(hr).c_str());
        return hr;
    }

    void disconnect(int i)
    {
        in[i]->Disconnect();
        source->pin[i].Disconnect();
    }

    // run runs both; the source last, as a graph does.
    void run()
    {
        filter->Run(0);
        source->Run(0);
    }

    // stop stops the renderer first: it frees a blocked Receive.
    void stop()
    {
        checkRun.call = "in the filter's Stop";
        filter->Stop();
        checkRun.call = "in the source's Stop, which waits for Receive";
        source->Stop();
        checkRun.call = "";
    }

    ~Rig()
    {
        stop();
        for (int i = 0; i < 2; i++) {
            disconnect(i);
            mem[i]->Release();
            in[i]->Release();
        }
        ULONG left = filter->Release();
        QUIET(left == 0, "the filter's last Release gives %lu, not 0", (unsigned long)left);
        QUIET(source->refs == 1, "the source has %ld references, not 1, when the filter is gone", (long)source->refs);
        source->Release();
    }
    Rig(const Rig &) = delete;
    Rig &operator=(const Rig &) = delete;
};
