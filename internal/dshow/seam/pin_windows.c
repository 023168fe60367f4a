//go:build windows && cgo

// IPin of the two inputs. A pin counts on its filter.
#include "com.h"

#define P CONTAINER(t, Pin, pin)
static const WCHAR *const names[2] = { L"Video", L"Audio" };

HRESULT pinQuery(Pin *p, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!iid)
        return E_POINTER;
    if (IsEqualGUID(iid, &IID_IUnknown) || IsEqualGUID(iid, &IID_IPin))
        *out = &p->pin;
    else if (IsEqualGUID(iid, &IID_IMemInputPin))
        *out = &p->mem;
    else
        return E_NOINTERFACE;
    filterAddRef(p->f);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE pin_qi(IPin *t, REFIID iid, void **out) { return pinQuery(P, iid, out); }
static ULONG STDMETHODCALLTYPE pin_addref(IPin *t) { return filterAddRef(P->f); }
static ULONG STDMETHODCALLTYPE pin_release(IPin *t) { return filterRelease(P->f); }

// Input pins are connected by outputs, they don't begin a connection.
static HRESULT STDMETHODCALLTYPE pin_connect(IPin *t, IPin *to, const AM_MEDIA_TYPE *mt) { return E_UNEXPECTED; }

static HRESULT STDMETHODCALLTYPE pin_accept(IPin *t, const AM_MEDIA_TYPE *mt)
{
    MediaType view;
    if (!mt)
        return E_POINTER;
    view = mediaTypeOf(mt);
    return goAccept(P->index, &view);
}

// takeConnection stores an accepted connection. The renderer in Go refuses it
// where the filter has been started meanwhile.
static HRESULT takeConnection(Pin *p, IPin *from, const AM_MEDIA_TYPE *mt)
{
    AM_MEDIA_TYPE copy;
    MediaType view;
    HRESULT hr = copyMediaType(&copy, mt);
    if (FAILED(hr))
        return hr;
    EnterCriticalSection(&p->f->cs);
    if (p->peer) {
        hr = VFW_E_ALREADY_CONNECTED;
    } else {
        view = mediaTypeOf(&copy);
        hr = goConnected(p->f->h, p->index, &view);
        if (SUCCEEDED(hr)) {
            p->mt = copy;
            p->peer = from;
        }
    }
    LeaveCriticalSection(&p->f->cs);
    if (SUCCEEDED(hr))
        IPin_AddRef(from);
    else
        freeMediaType(&copy);
    return hr;
}

static HRESULT STDMETHODCALLTYPE pin_receive(IPin *t, IPin *from, const AM_MEDIA_TYPE *mt)
{
    Pin *p = P;
    PIN_DIRECTION direction;
    IPin *peer;
    if (!from || !mt)
        return E_POINTER;
    EnterCriticalSection(&p->f->cs);
    peer = p->peer;
    LeaveCriticalSection(&p->f->cs);
    if (peer)
        return VFW_E_ALREADY_CONNECTED;
    if (goState(p->f->h) != State_Stopped)
        return VFW_E_NOT_STOPPED;
    if (SUCCEEDED(IPin_QueryDirection(from, &direction)) && direction != PINDIR_OUTPUT)
        return VFW_E_INVALID_DIRECTION;
    if (pin_accept(t, mt) != S_OK)
        return VFW_E_TYPE_NOT_ACCEPTED;
    return takeConnection(p, from, mt);
}

static HRESULT STDMETHODCALLTYPE pin_disconnect(IPin *t)
{
    Pin *p = P;
    IPin *peer;
    IMemAllocator *allocator;
    AM_MEDIA_TYPE mt;
    HRESULT hr = S_FALSE;
    EnterCriticalSection(&p->f->cs);
    if (p->peer)
        hr = goDisconnected(p->f->h, p->index);
    else if (goState(p->f->h) != State_Stopped)
        hr = VFW_E_NOT_STOPPED;
    if (hr != S_OK) {
        LeaveCriticalSection(&p->f->cs);
        return hr;
    }
    peer = p->peer;
    allocator = p->allocator;
    mt = p->mt;
    p->peer = NULL;
    p->allocator = NULL;
    memset(&p->mt, 0, sizeof p->mt);
    LeaveCriticalSection(&p->f->cs);
    freeMediaType(&mt);
    if (allocator)
        IMemAllocator_Release(allocator);
    IPin_Release(peer);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE pin_connectedto(IPin *t, IPin **to)
{
    Pin *p = P;
    if (!to)
        return E_POINTER;
    EnterCriticalSection(&p->f->cs);
    *to = p->peer;
    if (*to)
        IPin_AddRef(*to);
    LeaveCriticalSection(&p->f->cs);
    return *to ? S_OK : VFW_E_NOT_CONNECTED;
}

static HRESULT STDMETHODCALLTYPE pin_mediatype(IPin *t, AM_MEDIA_TYPE *mt)
{
    Pin *p = P;
    HRESULT hr = VFW_E_NOT_CONNECTED;
    if (!mt)
        return E_POINTER;
    memset(mt, 0, sizeof *mt);
    EnterCriticalSection(&p->f->cs);
    if (p->peer)
        hr = copyMediaType(mt, &p->mt);
    LeaveCriticalSection(&p->f->cs);
    return hr;
}

static HRESULT STDMETHODCALLTYPE pin_info(IPin *t, PIN_INFO *info)
{
    Pin *p = P;
    if (!info)
        return E_POINTER;
    info->pFilter = &p->f->base;
    filterAddRef(p->f);
    info->dir = PINDIR_INPUT;
    lstrcpynW(info->achName, names[p->index], MAX_PIN_NAME);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE pin_direction(IPin *t, PIN_DIRECTION *direction)
{
    if (!direction)
        return E_POINTER;
    *direction = PINDIR_INPUT;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE pin_id(IPin *t, LPWSTR *id)
{
    if (!id)
        return E_POINTER;
    return dupString((const uint16_t *)names[P->index], id);
}

static HRESULT STDMETHODCALLTYPE pin_types(IPin *t, IEnumMediaTypes **out) { return enumTypes(P->index, 0, out); }

// Each input goes to all outputs, and there are none.
static HRESULT STDMETHODCALLTYPE pin_internal(IPin *t, IPin **pins, ULONG *n) { return E_NOTIMPL; }

static HRESULT STDMETHODCALLTYPE pin_endofstream(IPin *t) { return goEndOfStream(P->f->h, P->index); }
static HRESULT STDMETHODCALLTYPE pin_beginflush(IPin *t) { return goBeginFlush(P->f->h, P->index); }
static HRESULT STDMETHODCALLTYPE pin_endflush(IPin *t) { return goEndFlush(P->f->h, P->index); }

// The times of samples count from the segment's start, and a flush tells that
// they begin anew: the segment itself changes nothing here.
static HRESULT STDMETHODCALLTYPE pin_segment(IPin *t, REFERENCE_TIME start, REFERENCE_TIME stop, double rate) { return S_OK; }

IPinVtbl pinVtbl = {
    pin_qi, pin_addref, pin_release, pin_connect, pin_receive, pin_disconnect, pin_connectedto, pin_mediatype, pin_info,
    pin_direction, pin_id, pin_accept, pin_types, pin_internal, pin_endofstream, pin_beginflush, pin_endflush, pin_segment,
};
#undef P

void pinsInit(Filter *f)
{
    for (int i = 0; i < 2; i++) {
        f->pins[i].pin.lpVtbl = &pinVtbl;
        f->pins[i].mem.lpVtbl = &memVtbl;
        f->pins[i].f = f;
        f->pins[i].index = i;
    }
}

void pinsFree(Filter *f)
{
    for (int i = 0; i < 2; i++) {
        freeMediaType(&f->pins[i].mt);
        if (f->pins[i].allocator)
            IMemAllocator_Release(f->pins[i].allocator);
        if (f->pins[i].peer)
            IPin_Release(f->pins[i].peer);
    }
}
