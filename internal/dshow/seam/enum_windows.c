//go:build windows && cgo

// IEnumPins and IEnumMediaTypes: one enumerator object over a count, with a
// different item each.
#include "com.h"

// Enum is either enumerator; both interfaces have the same seven methods.
typedef struct {
    union {
        IEnumPins pins;
        IEnumMediaTypes types;
    };
    LONG ref;
    Filter *f; // of pins, counted; NULL for types
    int pin;   // of types
    ULONG at;
} Enum;

static const GUID *const subtypes[2][2] = {
    { &subtypeH264, &subtypeH264Lower },
    { &subtypeAAC },
};
static ULONG count(const Enum *e) { return e->f || e->pin == 0 ? 2 : 1; }

static ULONG release(Enum *e)
{
    LONG left = InterlockedDecrement(&e->ref);
    if (left)
        return left;
    if (e->f)
        filterRelease(e->f);
    free(e);
    InterlockedDecrement(&g_objects);
    return 0;
}

static HRESULT skip(Enum *e, ULONG n)
{
    ULONG left = count(e) - e->at;
    e->at += n < left ? n : left;
    return n <= left ? S_OK : S_FALSE;
}

static Enum *create(Filter *f, int pin, ULONG at)
{
    Enum *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    e->ref = 1;
    e->f = f;
    e->pin = pin;
    e->at = at;
    if (f)
        filterAddRef(f);
    InterlockedIncrement(&g_objects);
    return e;
}

// The parts that both enumerators write alike.
#define ENUMERATOR(I, field)                                                                  \
    static HRESULT STDMETHODCALLTYPE field##_qi(I *t, REFIID iid, void **out)                 \
    {                                                                                         \
        if (!out)                                                                             \
            return E_POINTER;                                                                 \
        *out = NULL;                                                                          \
        if (!iid)                                                                             \
            return E_POINTER;                                                                 \
        if (!IsEqualGUID(iid, &IID_IUnknown) && !IsEqualGUID(iid, &IID_##I))                  \
            return E_NOINTERFACE;                                                             \
        InterlockedIncrement(&((Enum *)t)->ref);                                              \
        *out = t;                                                                             \
        return S_OK;                                                                          \
    }                                                                                         \
    static ULONG STDMETHODCALLTYPE field##_addref(I *t)                                       \
    {                                                                                         \
        return InterlockedIncrement(&((Enum *)t)->ref);                                       \
    }                                                                                         \
    static ULONG STDMETHODCALLTYPE field##_release(I *t) { return release((Enum *)t); }       \
    static HRESULT STDMETHODCALLTYPE field##_skip(I *t, ULONG n) { return skip((Enum *)t, n); } \
    static HRESULT STDMETHODCALLTYPE field##_reset(I *t)                                      \
    {                                                                                         \
        ((Enum *)t)->at = 0;                                                                  \
        return S_OK;                                                                          \
    }

ENUMERATOR(IEnumPins, pins)
ENUMERATOR(IEnumMediaTypes, types)

static HRESULT STDMETHODCALLTYPE pins_next(IEnumPins *t, ULONG n, IPin **out, ULONG *got)
{
    Enum *e = (Enum *)t;
    ULONG i = 0;
    if (got)
        *got = 0;
    if (!out)
        return E_POINTER;
    if (n > 1 && !got)
        return E_INVALIDARG;
    for (; i < n && e->at < count(e); i++, e->at++) {
        out[i] = &e->f->pins[e->at].pin;
        IPin_AddRef(out[i]);
    }
    if (got)
        *got = i;
    return i == n ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE types_next(IEnumMediaTypes *t, ULONG n, AM_MEDIA_TYPE **out, ULONG *got)
{
    Enum *e = (Enum *)t;
    ULONG i = 0;
    if (got)
        *got = 0;
    if (!out)
        return E_POINTER;
    if (n > 1 && !got)
        return E_INVALIDARG;
    for (; i < n && e->at < count(e); i++, e->at++) {
        AM_MEDIA_TYPE *mt = CoTaskMemAlloc(sizeof *mt);
        if (!mt)
            break;
        memset(mt, 0, sizeof *mt); // no format type: a partial type, any format
        mt->majortype = e->pin ? MEDIATYPE_Audio : MEDIATYPE_Video;
        mt->subtype = *subtypes[e->pin][e->at];
        mt->bTemporalCompression = !e->pin;
        mt->lSampleSize = 1;
        out[i] = mt;
    }
    if (got)
        *got = i;
    return i == n ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE pins_clone(IEnumPins *t, IEnumPins **out)
{
    return enumPins(((Enum *)t)->f, ((Enum *)t)->at, out);
}

static HRESULT STDMETHODCALLTYPE types_clone(IEnumMediaTypes *t, IEnumMediaTypes **out)
{
    return enumTypes(((Enum *)t)->pin, ((Enum *)t)->at, out);
}

static IEnumPinsVtbl pins_vtbl = { pins_qi, pins_addref, pins_release, pins_next, pins_skip, pins_reset, pins_clone };
static IEnumMediaTypesVtbl types_vtbl = { types_qi, types_addref, types_release, types_next, types_skip, types_reset, types_clone };

HRESULT enumPins(Filter *f, ULONG at, IEnumPins **out)
{
    Enum *e;
    if (!out)
        return E_POINTER;
    *out = NULL;
    e = create(f, 0, at);
    if (!e)
        return E_OUTOFMEMORY;
    e->pins.lpVtbl = &pins_vtbl;
    *out = &e->pins;
    return S_OK;
}

HRESULT enumTypes(int pin, ULONG at, IEnumMediaTypes **out)
{
    Enum *e;
    if (!out)
        return E_POINTER;
    *out = NULL;
    e = create(NULL, pin, at);
    if (!e)
        return E_OUTOFMEMORY;
    e->types.lpVtbl = &types_vtbl;
    *out = &e->types;
    return S_OK;
}
