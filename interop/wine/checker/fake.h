// fake.h: small objects of the caller's side that count what the filter does with
// them: a graph that records events, a clock, an allocator, a bare sample. `refs`
// counts references; the creator's own is 1, and nothing is ever deleted, so they
// may live on the stack when they outlive the filter.
#pragma once
#include "source.h"
#include <algorithm>

// Counted gives one interface's IUnknown.
template <class Interface> struct Counted : Interface {
    volatile LONG refs = 1;
    virtual ~Counted() {}
    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void **out) override
    {
        *out = iid == IID_IUnknown || iid == __uuidof(Interface) ? this : nullptr;
        if (*out)
            AddRef();
        return *out ? S_OK : E_NOINTERFACE;
    }
    ULONG STDMETHODCALLTYPE AddRef() override { return InterlockedIncrement(&refs); }
    ULONG STDMETHODCALLTYPE Release() override { return InterlockedDecrement(&refs); }
};

// FakeClock counts time from the system's start.
struct FakeClock : Counted<IReferenceClock> {
    HRESULT STDMETHODCALLTYPE GetTime(REFERENCE_TIME *now) override
    {
        *now = GetTickCount() * 10000LL;
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE AdviseTime(REFERENCE_TIME, REFERENCE_TIME, HEVENT, DWORD_PTR *) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE AdvisePeriodic(REFERENCE_TIME, REFERENCE_TIME, HSEMAPHORE, DWORD_PTR *) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE Unadvise(DWORD_PTR) override { return E_NOTIMPL; }
};

// FakeAllocator has no buffers.
struct FakeAllocator : Counted<IMemAllocator> {
    HRESULT STDMETHODCALLTYPE SetProperties(ALLOCATOR_PROPERTIES *wanted, ALLOCATOR_PROPERTIES *actual) override
    {
        *actual = *wanted;
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE GetProperties(ALLOCATOR_PROPERTIES *properties) override
    {
        *properties = { 1, 1, 1, 0 };
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE Commit() override { return S_OK; }
    HRESULT STDMETHODCALLTYPE Decommit() override { return S_OK; }
    HRESULT STDMETHODCALLTYPE GetBuffer(IMediaSample **out, REFERENCE_TIME *, REFERENCE_TIME *, DWORD) override
    {
        *out = nullptr;
        return VFW_E_NOT_COMMITTED;
    }
    HRESULT STDMETHODCALLTYPE ReleaseBuffer(IMediaSample *) override { return S_OK; }
};

// BareSample has IMediaSample and nothing else. What it gives is in `sample`.
struct BareSample : Counted<IMediaSample> {
    Sample sample;
    HRESULT pointerResult = S_OK; // of GetPointer
    long lengthGiven = -1;        // of GetActualDataLength, instead of the true one
    BareSample() {}
    explicit BareSample(const Sample &s)
        : sample(s)
    {
    }
    HRESULT STDMETHODCALLTYPE GetPointer(BYTE **out) override
    {
        *out = SUCCEEDED(pointerResult) ? sample.data.data() : nullptr;
        return pointerResult;
    }
    long STDMETHODCALLTYPE GetSize() override { return long(sample.data.size()); }
    HRESULT STDMETHODCALLTYPE GetTime(REFERENCE_TIME *start, REFERENCE_TIME *stop) override
    {
        if (!sample.timed)
            return VFW_E_SAMPLE_TIME_NOT_SET;
        *start = sample.start;
        *stop = sample.startOnly ? sample.start + 1 : sample.stop;
        return sample.startOnly ? VFW_S_NO_STOP_TIME : S_OK;
    }
    HRESULT STDMETHODCALLTYPE SetTime(REFERENCE_TIME *, REFERENCE_TIME *) override { return S_OK; }
    HRESULT STDMETHODCALLTYPE IsSyncPoint() override { return sample.sync ? S_OK : S_FALSE; }
    HRESULT STDMETHODCALLTYPE SetSyncPoint(WINBOOL) override { return S_OK; }
    HRESULT STDMETHODCALLTYPE IsPreroll() override { return sample.preroll ? S_OK : S_FALSE; }
    HRESULT STDMETHODCALLTYPE SetPreroll(WINBOOL) override { return S_OK; }
    LONG STDMETHODCALLTYPE GetActualDataLength() override { return lengthGiven >= 0 ? lengthGiven : long(sample.data.size()); }
    HRESULT STDMETHODCALLTYPE SetActualDataLength(LONG) override { return S_OK; }
    HRESULT STDMETHODCALLTYPE GetMediaType(AM_MEDIA_TYPE **out) override
    {
        *out = nullptr;
        if (!sample.type)
            return S_FALSE;
        *out = (AM_MEDIA_TYPE *)CoTaskMemAlloc(sizeof **out);
        return copyType(*out, *sample.type);
    }
    HRESULT STDMETHODCALLTYPE SetMediaType(AM_MEDIA_TYPE *) override { return S_OK; }
    HRESULT STDMETHODCALLTYPE IsDiscontinuity() override { return sample.discontinuity ? S_OK : S_FALSE; }
    HRESULT STDMETHODCALLTYPE SetDiscontinuity(WINBOOL) override { return S_OK; }
    HRESULT STDMETHODCALLTYPE GetMediaTime(LONGLONG *, LONGLONG *) override { return VFW_E_MEDIA_TIME_NOT_SET; }
    HRESULT STDMETHODCALLTYPE SetMediaTime(LONGLONG *, LONGLONG *) override { return S_OK; }
};

// Event is what a filter told the graph; what its parameters pointed to is copied
// for the events whose parameters are pointers.
struct Event {
    long code;
    LONG_PTR first, second;
    DWORD at; // GetTickCount
    int status; // of EC_USER+181, else -1
    std::string url;
};

const long statusEvent = EC_USER + 181, statisticsEvent = EC_USER + 179;

// FakeGraph is a graph that only records events. `sink` false: it has no
// IMediaEventSink.
struct FakeGraph : Counted<IFilterGraph> {
    struct Sink : IMediaEventSink {
        FakeGraph *graph;
        HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void **out) override { return graph->QueryInterface(iid, out); }
        ULONG STDMETHODCALLTYPE AddRef() override { return graph->AddRef(); }
        ULONG STDMETHODCALLTYPE Release() override { return graph->Release(); }
        HRESULT STDMETHODCALLTYPE Notify(LONG code, LONG_PTR first, LONG_PTR second) override { return graph->note(code, first, second); }
        virtual ~Sink() {}
    } events;
    bool sink;
    CRITICAL_SECTION lock;
    std::vector<Event> seen;
    std::function<void(const Event &)> called; // under lock; see onEvent

    explicit FakeGraph(bool withSink = true)
        : sink(withSink)
    {
        events.graph = this;
        InitializeCriticalSection(&lock);
    }

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void **out) override
    {
        if (iid != IID_IMediaEventSink || !sink)
            return Counted::QueryInterface(iid, out);
        *out = static_cast<IMediaEventSink *>(&events);
        AddRef();
        return S_OK;
    }

    HRESULT note(LONG code, LONG_PTR first, LONG_PTR second)
    {
        Event e = { code, first, second, GetTickCount(), -1, "" };
        if (code == statusEvent && first)
            e.status = *(int *)first;
        if ((code == statusEvent || code == statisticsEvent) && second && *(char **)second)
            e.url = *(char **)second;
        EnterCriticalSection(&lock);
        seen.push_back(e);
        auto call = called; // it may be replaced meanwhile
        LeaveCriticalSection(&lock);
        if (call)
            call(e);
        return S_OK;
    }

    // onEvent has a function called with every event from now on, nullptr none: on the
    // filter's thread, after recording. So a thread that has waited for an event may be
    // before its call.
    void onEvent(std::function<void(const Event &)> call)
    {
        EnterCriticalSection(&lock);
        called.swap(call);
        LeaveCriticalSection(&lock);
    }

    // all copies the events with this code so far, or every one for -1.
    std::vector<Event> all(long code = -1)
    {
        std::vector<Event> found;
        EnterCriticalSection(&lock);
        for (const Event &e : seen)
            if (code == -1 || e.code == code)
                found.push_back(e);
        LeaveCriticalSection(&lock);
        return found;
    }
    int count(long code) { return int(all(code).size()); }

    // wait waits until `wanted` events with this code have come.
    bool wait(long code, int wanted, DWORD ms)
    {
        return waitUntil(ms, [&] { return count(code) >= wanted; });
    }

    HRESULT STDMETHODCALLTYPE AddFilter(IBaseFilter *, LPCWSTR) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE RemoveFilter(IBaseFilter *) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE EnumFilters(IEnumFilters **) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE FindFilterByName(LPCWSTR, IBaseFilter **) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE ConnectDirect(IPin *, IPin *, const AM_MEDIA_TYPE *) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE Reconnect(IPin *) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE Disconnect(IPin *) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE SetDefaultSyncSource() override { return E_NOTIMPL; }
};
