//go:build windows && cgo

// IMediaSeeking passes everything on to who delivers, as every renderer does:
// the graph seeks through its renderers. What sets a position goes to both
// inputs, since they may come from different sources; a source that delivers both
// sees to that itself, as it does with two renderers.
#include "com.h"

UNKNOWN(IMediaSeeking, seeking)

// upstream is the seeking interface behind a pin, counted, or NULL.
static IMediaSeeking *upstream(IMediaSeeking *t, int i)
{
    Filter *f = CONTAINER(t, Filter, seeking);
    IMediaSeeking *s = NULL;
    IPin *peer;
    EnterCriticalSection(&f->cs);
    peer = f->pins[i].peer;
    if (peer)
        IPin_AddRef(peer);
    LeaveCriticalSection(&f->cs);
    if (!peer)
        return NULL;
    if (FAILED(IPin_QueryInterface(peer, &IID_IMediaSeeking, (void **)&s)))
        s = NULL;
    IPin_Release(peer);
    return s;
}

// FIRST asks the first input that answers. ALL tells every input, and has
// succeeded when one of them did.
#define FIRST(CALL)                                        \
    HRESULT hr = E_NOTIMPL;                                \
    for (int i = 0; i < 2 && FAILED(hr); i++) {            \
        IMediaSeeking *s = upstream(t, i);                 \
        if (s) {                                           \
            hr = s->lpVtbl->CALL;                          \
            IMediaSeeking_Release(s);                      \
        }                                                  \
    }                                                      \
    return hr;
#define ALL(CALL)                                          \
    HRESULT hr = E_NOTIMPL;                                \
    for (int i = 0; i < 2; i++) {                          \
        IMediaSeeking *s = upstream(t, i);                 \
        if (s) {                                           \
            HRESULT one = s->lpVtbl->CALL;                 \
            hr = FAILED(hr) ? one : hr;                    \
            IMediaSeeking_Release(s);                      \
        }                                                  \
    }                                                      \
    return hr;
#define NEED(pointer)          \
    if (!(pointer))            \
        return E_POINTER;

typedef LONGLONG time64;
static HRESULT STDMETHODCALLTYPE caps(IMediaSeeking *t, DWORD *c) { NEED(c) FIRST(GetCapabilities(s, c)) }
static HRESULT STDMETHODCALLTYPE check(IMediaSeeking *t, DWORD *c) { NEED(c) FIRST(CheckCapabilities(s, c)) }
static HRESULT STDMETHODCALLTYPE supported(IMediaSeeking *t, const GUID *g) { NEED(g) FIRST(IsFormatSupported(s, g)) }
static HRESULT STDMETHODCALLTYPE preferred(IMediaSeeking *t, GUID *g) { NEED(g) FIRST(QueryPreferredFormat(s, g)) }
static HRESULT STDMETHODCALLTYPE format(IMediaSeeking *t, GUID *g) { NEED(g) FIRST(GetTimeFormat(s, g)) }
static HRESULT STDMETHODCALLTYPE using(IMediaSeeking *t, const GUID *g) { NEED(g) FIRST(IsUsingTimeFormat(s, g)) }
static HRESULT STDMETHODCALLTYPE setformat(IMediaSeeking *t, const GUID *g) { NEED(g) ALL(SetTimeFormat(s, g)) }
static HRESULT STDMETHODCALLTYPE duration(IMediaSeeking *t, time64 *d) { NEED(d) FIRST(GetDuration(s, d)) }
static HRESULT STDMETHODCALLTYPE stopposition(IMediaSeeking *t, time64 *p) { NEED(p) FIRST(GetStopPosition(s, p)) }
static HRESULT STDMETHODCALLTYPE position(IMediaSeeking *t, time64 *p) { NEED(p) FIRST(GetCurrentPosition(s, p)) }
static HRESULT STDMETHODCALLTYPE convert(IMediaSeeking *t, time64 *to, const GUID *tf, time64 from, const GUID *ff)
{
    NEED(to) FIRST(ConvertTimeFormat(s, to, tf, from, ff))
}
static HRESULT STDMETHODCALLTYPE setpositions(IMediaSeeking *t, time64 *c, DWORD cf, time64 *e, DWORD ef)
{
    ALL(SetPositions(s, c, cf, e, ef))
}
static HRESULT STDMETHODCALLTYPE positions(IMediaSeeking *t, time64 *c, time64 *e) { FIRST(GetPositions(s, c, e)) }
static HRESULT STDMETHODCALLTYPE available(IMediaSeeking *t, time64 *a, time64 *b) { FIRST(GetAvailable(s, a, b)) }
static HRESULT STDMETHODCALLTYPE setrate(IMediaSeeking *t, double r) { ALL(SetRate(s, r)) }
static HRESULT STDMETHODCALLTYPE rate(IMediaSeeking *t, double *r) { NEED(r) FIRST(GetRate(s, r)) }
static HRESULT STDMETHODCALLTYPE preroll(IMediaSeeking *t, time64 *p) { NEED(p) FIRST(GetPreroll(s, p)) }

IMediaSeekingVtbl seekingVtbl = {
    seeking_qi, seeking_addref, seeking_release, caps, check, supported, preferred, format, using, setformat,
    duration, stopposition, position, convert, setpositions, positions, available, setrate, rate, preroll,
};
