//go:build windows && cgo

// The filter as one COM object: its identity, its life, and which interfaces it
// has. Aggregation is refused by the class factory.
#include "com.h"

// IID_IRTMPRendererPrivate {6E6C2B5F-0E0B-4B0C-9C0B-7B1E5C7B9D5A} is answered by
// filters of this module alone: the property page knows its own by it.
const GUID IID_IRTMPRendererPrivate = { 0x6e6c2b5f, 0x0e0b, 0x4b0c, { 0x9c, 0x0b, 0x7b, 0x1e, 0x5c, 0x7b, 0x9d, 0x5a } };

static IUnknown *find(Filter *f, REFIID iid)
{
    const struct {
        const IID *iid;
        void *field;
    } interfaces[] = {
        { &IID_IUnknown, &f->base },
        { &IID_IPersist, &f->base },
        { &IID_IMediaFilter, &f->base },
        { &IID_IBaseFilter, &f->base },
        { &IID_IFileSinkFilter, &f->sink },
        { &IID_IAMFilterMiscFlags, &f->misc },
        { &IID_ISpecifyPropertyPages, &f->pages },
        { &IID_IMediaSeeking, &f->seeking },
        { &IID_IRTMPOptions, &f->options },
        { &IID_IRTMPStatusNotify, &f->notify },
        { &IID_IRTMPMetadataSink, &f->meta },
        { &IID_ICodecAPI, &f->codec },
        { &IID_ISupportErrorInfo, &f->errinfo },
        { &IID_IPersistStream, &f->stream },
        { &IID_IPersistPropertyBag, &f->bag },
        { &IID_IRTMPRendererPrivate, &f->self },
    };
    for (size_t i = 0; i < sizeof interfaces / sizeof *interfaces; i++)
        if (IsEqualGUID(iid, interfaces[i].iid))
            return interfaces[i].field;
    return NULL;
}

HRESULT filterQuery(Filter *f, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!iid)
        return E_POINTER;
    *out = find(f, iid);
    if (!*out)
        return E_NOINTERFACE;
    filterAddRef(f);
    return S_OK;
}

ULONG filterAddRef(Filter *f) { return InterlockedIncrement(&f->ref); }

void filterHold(Filter *f) { InterlockedIncrement(&f->holds); }

void filterDrop(Filter *f)
{
    if (InterlockedDecrement(&f->holds))
        return;
    eventsFree(f);
    DeleteCriticalSection(&f->cs);
    free(f);
}

// destroy ends a filter that nobody refers to. An event that is being told at
// this moment, perhaps by whoever lets go of the filter, keeps its memory.
static void destroy(Filter *f)
{
    f->ref = 1 << 20; // what the end calls may add references and give them back
    goFilterFree(f->h);
    pinsFree(f);
    if (f->clock)
        IReferenceClock_Release(f->clock);
    filterDrop(f);
    InterlockedDecrement(&g_objects);
}

ULONG filterRelease(Filter *f)
{
    LONG left = InterlockedDecrement(&f->ref);
    if (left == 0)
        destroy(f);
    return left;
}

UNKNOWN(IUnknown, self)
static IUnknownVtbl selfVtbl = { self_qi, self_addref, self_release };

HRESULT filterFromUnknown(IUnknown *u, Filter **out)
{
    IUnknown *self;
    HRESULT hr;
    *out = NULL;
    hr = IUnknown_QueryInterface(u, &IID_IRTMPRendererPrivate, (void **)&self);
    if (FAILED(hr))
        return hr;
    if (self->lpVtbl != &selfVtbl) { // a proxy, or who answers to every IID
        IUnknown_Release(self);
        return E_NOINTERFACE;
    }
    *out = CONTAINER(self, Filter, self);
    return S_OK;
}

static void setVtables(Filter *f)
{
    f->base.lpVtbl = &baseVtbl;
    f->sink.lpVtbl = &sinkVtbl;
    f->misc.lpVtbl = &miscVtbl;
    f->pages.lpVtbl = &pagesVtbl;
    f->seeking.lpVtbl = &seekingVtbl;
    f->options.lpVtbl = &optionsVtbl;
    f->notify.lpVtbl = &notifyVtbl;
    f->meta.lpVtbl = &metaVtbl;
    f->codec.lpVtbl = &codecVtbl;
    f->errinfo.lpVtbl = &errinfoVtbl;
    f->stream.lpVtbl = &streamVtbl;
    f->bag.lpVtbl = &bagVtbl;
    f->self.lpVtbl = &selfVtbl;
}

HRESULT filterCreate(REFIID iid, void **out)
{
    HRESULT hr;
    Filter *f = calloc(1, sizeof *f);
    if (!f)
        return E_OUTOFMEMORY;
    f->ref = f->holds = 1;
    setVtables(f);
    pinsInit(f);
    if (FAILED(eventsInit(f))) {
        free(f);
        return E_OUTOFMEMORY;
    }
    InitializeCriticalSection(&f->cs);
    InterlockedIncrement(&g_objects);
    f->h = goFilterNew(f);
    if (!f->h) {
        destroy(f);
        return E_UNEXPECTED;
    }
    hr = filterQuery(f, iid, out);
    filterRelease(f);
    return hr;
}
