//go:build windows && cgo

// IBaseFilter, and what little IFileSinkFilter, IAMFilterMiscFlags and
// ISpecifyPropertyPages need. What is bookkeeping alone stays here: graph, name,
// clock. States are Go's.
#include "com.h"

UNKNOWN(IBaseFilter, base)
#define F CONTAINER(t, Filter, base)

static HRESULT STDMETHODCALLTYPE base_classid(IBaseFilter *t, CLSID *id)
{
    if (!id)
        return E_POINTER;
    *id = CLSID_NANO_RTMP_WRITER;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE base_stop(IBaseFilter *t) { return goStop(F->h); }
static HRESULT STDMETHODCALLTYPE base_pause(IBaseFilter *t) { return goPause(F->h); }
static HRESULT STDMETHODCALLTYPE base_run(IBaseFilter *t, REFERENCE_TIME start) { return goRun(F->h); }

// No state is on its way to another, so there is nothing to wait for.
static HRESULT STDMETHODCALLTYPE base_state(IBaseFilter *t, DWORD ms, FILTER_STATE *state)
{
    if (!state)
        return E_POINTER;
    *state = (FILTER_STATE)goState(F->h);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE base_setclock(IBaseFilter *t, IReferenceClock *clock)
{
    Filter *f = F;
    IReferenceClock *old;
    if (clock)
        IReferenceClock_AddRef(clock);
    EnterCriticalSection(&f->cs);
    old = f->clock;
    f->clock = clock;
    LeaveCriticalSection(&f->cs);
    if (old)
        IReferenceClock_Release(old);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE base_getclock(IBaseFilter *t, IReferenceClock **out)
{
    Filter *f = F;
    if (!out)
        return E_POINTER;
    EnterCriticalSection(&f->cs);
    *out = f->clock;
    if (*out)
        IReferenceClock_AddRef(*out);
    LeaveCriticalSection(&f->cs);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE base_enumpins(IBaseFilter *t, IEnumPins **out) { return enumPins(F, 0, out); }

static HRESULT STDMETHODCALLTYPE base_findpin(IBaseFilter *t, LPCWSTR id, IPin **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!id)
        return E_POINTER;
    for (int i = 0; i < 2; i++) {
        IPin *pin = &F->pins[i].pin;
        LPWSTR own;
        BOOL same;
        if (FAILED(IPin_QueryId(pin, &own)))
            return E_OUTOFMEMORY;
        same = !wcscmp(own, id);
        CoTaskMemFree(own);
        if (same) {
            IPin_AddRef(pin);
            *out = pin;
            return S_OK;
        }
    }
    return VFW_E_NOT_FOUND;
}

static HRESULT STDMETHODCALLTYPE base_info(IBaseFilter *t, FILTER_INFO *info)
{
    Filter *f = F;
    if (!info)
        return E_POINTER;
    EnterCriticalSection(&f->cs);
    lstrcpynW(info->achName, f->name, MAX_FILTER_NAME);
    info->pGraph = f->graph;
    if (info->pGraph)
        IFilterGraph_AddRef(info->pGraph);
    LeaveCriticalSection(&f->cs);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE base_join(IBaseFilter *t, IFilterGraph *graph, LPCWSTR name)
{
    Filter *f = F;
    eventsJoin(f, graph);
    EnterCriticalSection(&f->cs);
    f->graph = graph;
    lstrcpynW(f->name, name ? name : L"", MAX_FILTER_NAME);
    LeaveCriticalSection(&f->cs);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE base_vendor(IBaseFilter *t, LPWSTR *out)
{
    if (!out)
        return E_POINTER;
    return takeText(goProduct(), out);
}
#undef F

IBaseFilterVtbl baseVtbl = {
    base_qi, base_addref, base_release, base_classid, base_stop, base_pause, base_run, base_state,
    base_setclock, base_getclock, base_enumpins, base_findpin, base_info, base_join, base_vendor,
};

UNKNOWN(IFileSinkFilter, sink)

static HRESULT STDMETHODCALLTYPE sink_set(IFileSinkFilter *t, LPCOLESTR name, const AM_MEDIA_TYPE *mt)
{
    int n;
    if (!name)
        return E_POINTER;
    n = textLength(name, MAX_TEXT);
    return n < 0 ? E_INVALIDARG : goSetURL(CONTAINER(t, Filter, sink)->h, (uint16_t *)name, n);
}

static HRESULT STDMETHODCALLTYPE sink_get(IFileSinkFilter *t, LPOLESTR *name, AM_MEDIA_TYPE *mt)
{
    if (!name)
        return E_POINTER;
    if (mt)
        memset(mt, 0, sizeof *mt);
    return takeText(goURL(CONTAINER(t, Filter, sink)->h), name);
}

IFileSinkFilterVtbl sinkVtbl = { sink_qi, sink_addref, sink_release, sink_set, sink_get };

UNKNOWN(IAMFilterMiscFlags, misc)

// Without this the graph does not wait for our EC_COMPLETE.
static ULONG STDMETHODCALLTYPE misc_flags(IAMFilterMiscFlags *t) { return AM_FILTER_MISC_FLAGS_IS_RENDERER; }

IAMFilterMiscFlagsVtbl miscVtbl = { misc_qi, misc_addref, misc_release, misc_flags };

UNKNOWN(ISpecifyPropertyPages, pages)

static HRESULT STDMETHODCALLTYPE pages_get(ISpecifyPropertyPages *t, CAUUID *out)
{
    if (!out)
        return E_POINTER;
    out->cElems = 0;
    out->pElems = CoTaskMemAlloc(sizeof(GUID));
    if (!out->pElems)
        return E_OUTOFMEMORY;
    out->cElems = 1;
    *out->pElems = CLSID_NANO_RTMP_WRITER_PROPPAGE;
    return S_OK;
}

ISpecifyPropertyPagesVtbl pagesVtbl = { pages_qi, pages_addref, pages_release, pages_get };
