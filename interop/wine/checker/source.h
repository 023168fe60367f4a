// source.h: a push source with two output pins (pin[0] video, pin[1] audio) for
// the checker programs. Compile a program with source.cpp, sourcefilter.cpp,
// mediatypes.cpp and clip.cpp (-lstrmiids -lole32 -loleaut32 -luuid). See also
// fake.h (graph with event sink, clock, allocator, bare sample), rig.h (filter and
// source, connected) and resources.h (leaks).
//
//     Source *source = new Source;                     // one reference, the caller's
//     source->pin[0].next = clip::videoSamples();      // clip.h: for ever; (clip::Annex4, 250): 250 frames
//     source->pin[1].next = [](long n, Sample &s) {    // or one's own: sample n, from 0
//         if (n == 10) return false;                   // the end: EndOfStream is sent
//         s.data.assign(100, 0), s.start = n * 400000, s.stop = s.start + 400000, s.sync = true;
//         return true;
//     };
//     source->pin[1].next = prepared({ a, b, c });     // or a list
//     source->pin[0].realTime = true;                  // paced by the samples' start times
//     source->pin[0].Connect(inputPin, nullptr);       // or graph->ConnectDirect(&source->pin[0], inputPin, 0)
//     source->Pause(); source->Run(0);                 // or the graph does: starts one thread per connected pin
//     filter->Stop(); source->Stop();                  // the renderer first: it frees a blocked Receive; then Stop joins
//     source->pin[0].Disconnect(); source->Release();
//
// Threads start at Pause (at Run with `live`) and begin anew with sample 0 and a
// NewSegment. A thread ends at its generator's end, at the first answer of
// Receive other than S_OK (unless `persist`), or at Stop.
#pragma once
#include "check.h"
#include <functional>

typedef std::vector<BYTE> Bytes;

// Type is a media type that owns its format block. Without a block pbFormat is
// NULL and cbFormat 0.
struct Type : AM_MEDIA_TYPE {
    Bytes block;
    Type(const GUID &major = GUID_NULL, const GUID &subtype = GUID_NULL, const GUID &format = GUID_NULL, const Bytes &block = Bytes());
    Type(const Type &other);
    Type &operator=(const Type &other);
    void setBlock(const Bytes &bytes); // also sets cbFormat and pbFormat
    bool same(const AM_MEDIA_TYPE &other) const; // equal in all that counts, by bytes; not the same pointers
};

extern const GUID subtypeH264, subtypeh264, subtypeAVC1, subtypeavc1; // video
extern const GUID subtypeAAC, subtypeADTS, subtypeHEAAC;              // audio: 0xFF raw, 0x1600, 0x1610

// Types that fit clip.h's frames. Those without "none" have a format block.
Type videoType(const GUID &subtype = subtypeH264, bool header = true); // FORMAT_MPEG2_VIDEO; header: SPS and PPS in it
Type videoTypeAVC1(int lengthSize = 4, const GUID &subtype = subtypeAVC1); // lengths of 1, 2 or 4 bytes
Type videoTypeInfo(const GUID &format, const GUID &subtype = subtypeH264); // FORMAT_VideoInfo or FORMAT_VideoInfo2
Type audioType(bool config = true); // FORMAT_WaveFormatEx, raw AAC; config: with AudioSpecificConfig
Type audioTypeADTS();
Type videoTypeNone(const GUID &subtype = subtypeH264); // FORMAT_None, no block
Type audioTypeNone(const GUID &subtype = subtypeAAC);

// Sample is what a pin delivers.
struct Sample {
    Bytes data;
    REFERENCE_TIME start = 0, stop = 0;
    bool timed = true;     // false: SetTime(NULL, NULL)
    bool startOnly = false; // SetTime(&start, NULL)
    bool sync = false, discontinuity = false, preroll = false;
    const AM_MEDIA_TYPE *type = nullptr; // a media type on the sample: a format change
    IMediaSample *instead = nullptr;     // this object is delivered, as it is (borrowed)
};

// Generator fills sample n (fresh each time) and tells whether there was one.
// It runs on the pin's thread.
typedef std::function<bool(long n, Sample &sample)> Generator;
Generator prepared(std::vector<Sample> samples);

struct Source;

struct OutPin : IPin {
    // What it is. Set while unconnected.
    Type type;                          // offered when Connect gets no type
    long buffers = 8, bufferSize = 1 << 16; // of the allocator
    IMemAllocator *allocatorWanted = nullptr; // used instead of the input pin's own (borrowed)
    bool readOnly = false;              // NotifyAllocator's flag

    // What it does. Set while stopped.
    Generator next;                     // none: the thread has nothing to do, and sends no end
    bool realTime = false;              // sample n goes out `start` after sample 0 did; false: as fast as Receive takes them
    bool endOfStream = true;            // call EndOfStream after the generator's end
    bool persist = false;               // go on after an answer other than S_OK
    bool segment = true;                // call NewSegment first
    std::function<void(long n, HRESULT hr)> delivered; // after each Receive

    // What came of it, since the threads started; readable at any time.
    volatile LONG offered = 0, taken = 0, refused = 0; // calls of Receive, those with S_OK, the others
    volatile HRESULT last = S_OK;       // of the latest Receive
    volatile HRESULT endResult = E_PENDING; // of EndOfStream; E_PENDING: not called or not back
    volatile LONG inside = 0;           // 1 while a Receive or EndOfStream has not come back
    volatile LONG longest = 0;          // ms of the longest Receive
    volatile LONG running = 0;          // 1 while the thread lives

    // Present connection.
    IPin *peer = nullptr;
    IMemInputPin *input = nullptr;
    IMemAllocator *allocator = nullptr;
    volatile LONG refs = 0; // references on this pin, all but the thread's

    // waitTaken waits until `count` samples were taken, or ms have passed.
    bool waitTaken(LONG count, DWORD ms) const;
    // waitDone waits until the thread has ended.
    bool waitDone(DWORD ms) const;
    // waitBlocked waits until one Receive has been inside for quiet ms.
    bool waitBlocked(DWORD ms, DWORD quiet = 300) const;

    // Connect asks the input pin (QueryAccept, ReceiveConnection), agrees on the
    // allocator and calls NotifyAllocator. The steps can be left to the caller:
    // peer->ReceiveConnection(this, &type) alone needs nothing of this pin.
    HRESULT STDMETHODCALLTYPE Connect(IPin *to, const AM_MEDIA_TYPE *wanted) override;
    HRESULT STDMETHODCALLTYPE Disconnect() override; // this side only; the graph does each side

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void **out) override;
    ULONG STDMETHODCALLTYPE AddRef() override;
    ULONG STDMETHODCALLTYPE Release() override;
    HRESULT STDMETHODCALLTYPE ReceiveConnection(IPin *, const AM_MEDIA_TYPE *) override { return E_UNEXPECTED; }
    HRESULT STDMETHODCALLTYPE ConnectedTo(IPin **out) override;
    HRESULT STDMETHODCALLTYPE ConnectionMediaType(AM_MEDIA_TYPE *out) override;
    HRESULT STDMETHODCALLTYPE QueryPinInfo(PIN_INFO *info) override;
    HRESULT STDMETHODCALLTYPE QueryDirection(PIN_DIRECTION *direction) override { *direction = PINDIR_OUTPUT; return S_OK; }
    HRESULT STDMETHODCALLTYPE QueryId(LPWSTR *id) override;
    HRESULT STDMETHODCALLTYPE QueryAccept(const AM_MEDIA_TYPE *) override { return S_OK; }
    HRESULT STDMETHODCALLTYPE EnumMediaTypes(IEnumMediaTypes **out) override; // `type` alone
    HRESULT STDMETHODCALLTYPE QueryInternalConnections(IPin **, ULONG *) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE EndOfStream() override { return E_UNEXPECTED; }
    HRESULT STDMETHODCALLTYPE BeginFlush() override { return E_UNEXPECTED; }
    HRESULT STDMETHODCALLTYPE EndFlush() override { return E_UNEXPECTED; }
    HRESULT STDMETHODCALLTYPE NewSegment(REFERENCE_TIME, REFERENCE_TIME, double) override { return E_UNEXPECTED; }

    Source *owner = nullptr;
    HANDLE thread = nullptr;
    LONG index = 0;
    volatile DWORD since = 0;
    Type agreed; // of the connection
    void start();
    void join();

private:
    void push();
    bool pace(const Sample &sample, DWORD began, REFERENCE_TIME first) const;
    HRESULT deliver(const Sample &sample);
    HRESULT agree();
    static DWORD WINAPI run(void *pin);
};

struct Source : IBaseFilter, IAMFilterMiscFlags {
    OutPin pin[2];
    bool live = false; // VFW_S_CANT_CUE while paused, data only while running
    volatile LONG refs = 1; // on the source and its pins
    volatile FILTER_STATE state = State_Stopped;
    HANDLE stopping, runs; // events: a stop was asked for; it is running
    IFilterGraph *graph = nullptr;
    IReferenceClock *clock = nullptr;
    WCHAR name[128] = {};

    Source();
    // both waits until both connected pins' threads have ended.
    bool waitDone(DWORD ms) const { return pin[0].waitDone(ms) && pin[1].waitDone(ms); }

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void **out) override;
    ULONG STDMETHODCALLTYPE AddRef() override { return InterlockedIncrement(&refs); }
    ULONG STDMETHODCALLTYPE Release() override;
    HRESULT STDMETHODCALLTYPE GetClassID(CLSID *id) override;
    HRESULT STDMETHODCALLTYPE Stop() override; // waits for the threads
    HRESULT STDMETHODCALLTYPE Pause() override;
    HRESULT STDMETHODCALLTYPE Run(REFERENCE_TIME) override;
    HRESULT STDMETHODCALLTYPE GetState(DWORD, FILTER_STATE *out) override;
    HRESULT STDMETHODCALLTYPE SetSyncSource(IReferenceClock *c) override;
    HRESULT STDMETHODCALLTYPE GetSyncSource(IReferenceClock **out) override;
    HRESULT STDMETHODCALLTYPE EnumPins(IEnumPins **out) override;
    HRESULT STDMETHODCALLTYPE FindPin(LPCWSTR id, IPin **out) override;
    HRESULT STDMETHODCALLTYPE QueryFilterInfo(FILTER_INFO *info) override;
    HRESULT STDMETHODCALLTYPE JoinFilterGraph(IFilterGraph *g, LPCWSTR n) override;
    HRESULT STDMETHODCALLTYPE QueryVendorInfo(LPWSTR *) override { return E_NOTIMPL; }
    ULONG STDMETHODCALLTYPE GetMiscFlags() override { return AM_FILTER_MISC_FLAGS_IS_SOURCE; }

private:
    virtual ~Source();
};

// copyType makes a deep copy with CoTaskMem; freeBlock frees a type's block.
HRESULT copyType(AM_MEDIA_TYPE *out, const AM_MEDIA_TYPE &in);
void freeBlock(AM_MEDIA_TYPE *type);
