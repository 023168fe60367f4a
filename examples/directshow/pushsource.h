// A DirectShow source filter that pushes an FLV file into two output pins, each
// on a thread of its own. With a reference clock it keeps real time; without one
// it is as fast as the other side takes the samples.
#pragma once

#include "flv.h"
#include "mediatype.h"

#include <string>

class PushSource;

// One output pin, "Video" or "Audio". It is a part of the filter and shares the
// filter's reference count.
class PushPin : public IPin {
public:
    PushPin(PushSource *filter, FlvTrack track);
    virtual ~PushPin();

    // Open prepares the pin for the file. NULL, or what is wrong with it.
    const char *Open(const wchar_t *path, const FlvTrackInfo &info, int64_t startMs, bool annexB);
    bool Exists() const { return !path_.empty(); }

    // Start, Resume, Hold and Stop follow the filter's states.
    HRESULT Start();
    void Resume(REFERENCE_TIME start);
    void Hold();
    void Stop();

    // How many samples were delivered, and the last answer of the other side.
    LONG Delivered() const { return delivered_; }
    HRESULT Answer() const { return answer_; }

    STDMETHODIMP QueryInterface(REFIID iid, void **out);
    STDMETHODIMP_(ULONG) AddRef();
    STDMETHODIMP_(ULONG) Release();
    STDMETHODIMP Connect(IPin *to, const AM_MEDIA_TYPE *wanted);
    STDMETHODIMP ReceiveConnection(IPin *, const AM_MEDIA_TYPE *) { return VFW_E_TYPE_NOT_ACCEPTED; }
    STDMETHODIMP Disconnect();
    STDMETHODIMP ConnectedTo(IPin **pin);
    STDMETHODIMP ConnectionMediaType(AM_MEDIA_TYPE *type);
    STDMETHODIMP QueryPinInfo(PIN_INFO *info);
    STDMETHODIMP QueryDirection(PIN_DIRECTION *direction);
    STDMETHODIMP QueryId(LPWSTR *id);
    STDMETHODIMP QueryAccept(const AM_MEDIA_TYPE *type);
    STDMETHODIMP EnumMediaTypes(IEnumMediaTypes **types);
    STDMETHODIMP QueryInternalConnections(IPin **, ULONG *) { return E_NOTIMPL; }
    STDMETHODIMP EndOfStream() { return E_UNEXPECTED; } // these four are for input pins
    STDMETHODIMP BeginFlush() { return E_UNEXPECTED; }
    STDMETHODIMP EndFlush() { return E_UNEXPECTED; }
    STDMETHODIMP NewSegment(REFERENCE_TIME, REFERENCE_TIME, double) { return E_UNEXPECTED; }

    const wchar_t *Name() const { return track_ == FLV_VIDEO ? L"Video" : L"Audio"; }

private:
    static DWORD WINAPI threadMain(void *pin);
    void push();
    HRESULT deliver(const FlvFrame &frame);
    bool waitUntil(REFERENCE_TIME due);
    HRESULT agreeOnAllocator();

    PushSource *filter_;
    FlvTrack track_;
    std::wstring path_; // empty: the file has no such track
    MediaType type_;
    AvcConfig avc_;
    bool annexB_;
    uint32_t largest_;
    int64_t startMs_;
    REFERENCE_TIME duration_; // of an access unit, as far as it is known

    IPin *peer_;
    IMemInputPin *sink_;
    IMemAllocator *allocator_;

    HANDLE thread_, stop_, running_;
    volatile LONGLONG start_; // the clock's time at which stream time is 0
    volatile LONG delivered_;
    volatile HRESULT answer_;
};

class PushSource : public IBaseFilter {
public:
    PushSource();

    // Open reads the file's headers. NULL, or what is wrong with it.
    const char *Open(const wchar_t *path, bool annexB);
    // PinAt gives the pins that exist, in order; NULL behind the last one.
    PushPin *PinAt(ULONG n);
    // Clock is the graph's clock with a reference added; NULL: there is none.
    IReferenceClock *Clock();

    STDMETHODIMP QueryInterface(REFIID iid, void **out);
    STDMETHODIMP_(ULONG) AddRef();
    STDMETHODIMP_(ULONG) Release();
    STDMETHODIMP GetClassID(CLSID *id);
    STDMETHODIMP Stop();
    STDMETHODIMP Pause();
    STDMETHODIMP Run(REFERENCE_TIME start);
    STDMETHODIMP GetState(DWORD timeout, FILTER_STATE *state);
    STDMETHODIMP SetSyncSource(IReferenceClock *clock);
    STDMETHODIMP GetSyncSource(IReferenceClock **clock);
    STDMETHODIMP EnumPins(IEnumPins **pins);
    STDMETHODIMP FindPin(LPCWSTR id, IPin **pin);
    STDMETHODIMP QueryFilterInfo(FILTER_INFO *info);
    STDMETHODIMP JoinFilterGraph(IFilterGraph *graph, LPCWSTR name);
    STDMETHODIMP QueryVendorInfo(LPWSTR *) { return E_NOTIMPL; }

private:
    virtual ~PushSource(); // by the last Release

    volatile LONG references_;
    CRITICAL_SECTION lock_; // state_, clock_
    FILTER_STATE state_;
    IReferenceClock *clock_;
    IFilterGraph *graph_; // without a reference: the graph holds us
    std::wstring name_;
    PushPin video_, audio_;
};
