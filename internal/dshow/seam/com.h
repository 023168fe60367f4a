// What the C files share: the filter as a COM object, and the rules that all
// its interfaces follow.
#ifndef COM_H
#define COM_H
#define COBJMACROS
#define CINTERFACE
#define NO_DSHOW_STRSAFE // dshow.h poisons wsprintfW, lstrcpyW and others otherwise
#include <windows.h>
#include <dshow.h>
#include <dvdmedia.h>
#include <olectl.h>
#include "../../../include/RTMPWriterOptions.h"
#include "seam.h"
#include "_cgo_export.h"

#define CONTAINER(p, T, m) ((T *)((char *)(p) - offsetof(T, m)))

extern LONG g_objects;     // COM objects that foreign code holds
extern HINSTANCE g_module; // this DLL

typedef struct {
    IPin pin;
    IMemInputPin mem;
    Filter *f;
    int index; // 0 video, 1 audio
    // Guarded by the filter's cs.
    IPin *peer;
    IMemAllocator *allocator;
    AM_MEDIA_TYPE mt;
} Pin;

typedef struct EventRing EventRing; // events_windows.c

// Filter is one renderer: an interface a field, each with its static vtable.
struct Filter {
    IBaseFilter base;
    IFileSinkFilter sink;
    IAMFilterMiscFlags misc;
    ISpecifyPropertyPages pages;
    IMediaSeeking seeking;
    IRTMPOptions options;
    IRTMPStatusNotify notify;
    IRTMPMetadataSink meta;
    ICodecAPI codec;
    ISupportErrorInfo errinfo;
    IPersistStream stream;
    IPersistPropertyBag bag;
    IUnknown self; // IID_IRTMPRendererPrivate: it is this module's own filter

    LONG ref;
    LONG holds; // one for all references, one for each call of Go's that is under way
    uintptr_t h; // cgo.Handle of the renderer in Go

    CRITICAL_SECTION cs; // guards what follows; held for moments, never while foreign code is called
    IFilterGraph *graph; // not counted: the graph owns the filter
    IReferenceClock *clock;
    WCHAR name[128];
    Pin pins[2];

    // eventCs guards the sink and is held while it is called, so that the graph
    // cannot go away meanwhile: it takes the filter out first. No other method
    // needs it but JoinFilterGraph.
    CRITICAL_SECTION eventCs;
    IMediaEventSink *events; // not counted
    EventRing *ring;

    // The handler of IRTMPStatusNotify: guarded in notify_windows.c.
    RTMPStatusNotifyHandler handler;
    void *handlerContext;
};

extern const GUID IID_IRTMPRendererPrivate;
extern const GUID subtypeH264, subtypeH264Lower, subtypeAAC; // mediatype_windows.c: mingw-w64 lacks them

// filter_windows.c
HRESULT filterCreate(REFIID iid, void **out);
HRESULT filterQuery(Filter *f, REFIID iid, void **out);
ULONG filterAddRef(Filter *f);
ULONG filterRelease(Filter *f);
HRESULT filterFromUnknown(IUnknown *u, Filter **out); // with a reference; E_NOINTERFACE for others' objects
// page_windows.c
HRESULT pageCreate(REFIID iid, void **out);
// pin_windows.c, mempin_windows.c, enum_windows.c
void pinsInit(Filter *f);
void pinsFree(Filter *f);
HRESULT pinQuery(Pin *p, REFIID iid, void **out);
HRESULT enumPins(Filter *f, ULONG at, IEnumPins **out);
HRESULT enumTypes(int pin, ULONG at, IEnumMediaTypes **out);
// mediatype_windows.c
MediaType mediaTypeOf(const AM_MEDIA_TYPE *mt);
HRESULT copyMediaType(AM_MEDIA_TYPE *to, const AM_MEDIA_TYPE *from);
void freeMediaType(AM_MEDIA_TYPE *mt);
// events_windows.c
HRESULT eventsInit(Filter *f);
void eventsFree(Filter *f);
void eventsJoin(Filter *f, IFilterGraph *graph);
void statisticsToABI(const Statistics *from, rtmp_writer_stats_t *to);
// notify_windows.c
void filterCallHandler(Filter *f, int status, const char *url);
// text_windows.c
HRESULT dupString(const uint16_t *s, LPWSTR *out);  // into CoTaskMem
HRESULT takeText(uint16_t *malloced, LPWSTR *out);  // the same, and frees; NULL is E_OUTOFMEMORY
int textLength(const WCHAR *s, int most);           // -1 when longer
#define MAX_TEXT 65535 // characters of any string from outside

// The vtables, each in the file of its interface.
extern IBaseFilterVtbl baseVtbl;
extern IFileSinkFilterVtbl sinkVtbl;
extern IAMFilterMiscFlagsVtbl miscVtbl;
extern ISpecifyPropertyPagesVtbl pagesVtbl;
extern IMediaSeekingVtbl seekingVtbl;
extern IRTMPOptionsVtbl optionsVtbl;
extern IRTMPStatusNotifyVtbl notifyVtbl;
extern IRTMPMetadataSinkVtbl metaVtbl;
extern ICodecAPIVtbl codecVtbl;
extern ISupportErrorInfoVtbl errinfoVtbl;
extern IPersistStreamVtbl streamVtbl;
extern IPersistPropertyBagVtbl bagVtbl;
extern IPinVtbl pinVtbl;
extern IMemInputPinVtbl memVtbl;

// UNKNOWN writes the three methods of IUnknown for one interface of the filter.
#define UNKNOWN(I, field)                                                                \
    static HRESULT STDMETHODCALLTYPE field##_qi(I *t, REFIID iid, void **out)            \
    {                                                                                    \
        return filterQuery(CONTAINER(t, Filter, field), iid, out);                       \
    }                                                                                    \
    static ULONG STDMETHODCALLTYPE field##_addref(I *t)                                  \
    {                                                                                    \
        return filterAddRef(CONTAINER(t, Filter, field));                                \
    }                                                                                    \
    static ULONG STDMETHODCALLTYPE field##_release(I *t)                                 \
    {                                                                                    \
        return filterRelease(CONTAINER(t, Filter, field));                               \
    }
#endif
