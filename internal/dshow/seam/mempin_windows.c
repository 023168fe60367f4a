//go:build windows && cgo

// IMemInputPin: samples come in here.
#include "com.h"

#define P CONTAINER(t, Pin, mem)

static HRESULT STDMETHODCALLTYPE mem_qi(IMemInputPin *t, REFIID iid, void **out) { return pinQuery(P, iid, out); }
static ULONG STDMETHODCALLTYPE mem_addref(IMemInputPin *t) { return filterAddRef(P->f); }
static ULONG STDMETHODCALLTYPE mem_release(IMemInputPin *t) { return filterRelease(P->f); }

static HRESULT STDMETHODCALLTYPE mem_allocator(IMemInputPin *t, IMemAllocator **out)
{
    Pin *p = P;
    if (!out)
        return E_POINTER;
    EnterCriticalSection(&p->f->cs);
    *out = p->allocator;
    if (*out)
        IMemAllocator_AddRef(*out);
    LeaveCriticalSection(&p->f->cs);
    if (*out)
        return S_OK;
    return CoCreateInstance(&CLSID_MemoryAllocator, NULL, CLSCTX_INPROC_SERVER, &IID_IMemAllocator, (void **)out);
}

static HRESULT STDMETHODCALLTYPE mem_notify(IMemInputPin *t, IMemAllocator *allocator, BOOL readOnly)
{
    Pin *p = P;
    IMemAllocator *old;
    if (!allocator)
        return E_POINTER;
    IMemAllocator_AddRef(allocator);
    EnterCriticalSection(&p->f->cs);
    old = p->allocator;
    p->allocator = allocator;
    LeaveCriticalSection(&p->f->cs);
    if (old)
        IMemAllocator_Release(old);
    return S_OK;
}

// Any allocator will do: each sample is copied and given back at once.
static HRESULT STDMETHODCALLTYPE mem_requirements(IMemInputPin *t, ALLOCATOR_PROPERTIES *wanted)
{
    return wanted ? E_NOTIMPL : E_POINTER;
}

// changeFormat takes the media type that a sample brings.
static HRESULT changeFormat(Pin *p, AM_MEDIA_TYPE *mt)
{
    MediaType view = mediaTypeOf(mt);
    HRESULT hr = goChangeFormat(p->f->h, p->index, &view);
    AM_MEDIA_TYPE copy, old;
    if (hr != S_OK || FAILED(copyMediaType(&copy, mt)))
        return hr;
    EnterCriticalSection(&p->f->cs);
    old = p->mt;
    p->mt = copy;
    LeaveCriticalSection(&p->f->cs);
    freeMediaType(&old);
    return hr;
}

// MAX_SAMPLE bounds one sample: an RTMP message has 24 bits for its length.
#define MAX_SAMPLE (16 << 20)

// Everything is read here first: one crossing into Go a sample.
static HRESULT STDMETHODCALLTYPE mem_receive(IMemInputPin *t, IMediaSample *sample)
{
    Pin *p = P;
    Sample s = { 0 };
    AM_MEDIA_TYPE *mt = NULL;
    REFERENCE_TIME start = 0, stop = 0;
    BYTE *data = NULL;
    LONG length, room;
    HRESULT hr;
    if (!sample)
        return E_POINTER;
    if (IMediaSample_GetMediaType(sample, &mt) == S_OK && mt) {
        hr = changeFormat(p, mt);
        freeMediaType(mt);
        CoTaskMemFree(mt);
        if (hr != S_OK)
            return hr;
    }
    hr = IMediaSample_GetPointer(sample, &data);
    length = IMediaSample_GetActualDataLength(sample);
    room = IMediaSample_GetSize(sample);
    if (FAILED(hr) || !data || length < 0)
        length = 0;
    if (room > 0 && length > room)
        length = room;
    hr = IMediaSample_GetTime(sample, &start, &stop);
    s.times = hr == S_OK ? 2 : hr == VFW_S_NO_STOP_TIME ? 1 : 0;
    s.data = data;
    s.oversized = length > MAX_SAMPLE;
    s.len = s.oversized ? 0 : length;
    s.start = start;
    s.stop = stop;
    return goReceive(p->f->h, p->index, &s);
}

static HRESULT STDMETHODCALLTYPE mem_receivemultiple(IMemInputPin *t, IMediaSample **samples, LONG n, LONG *done)
{
    HRESULT hr = S_OK;
    if (!samples || !done)
        return E_POINTER;
    for (*done = 0; *done < n; ++*done) {
        hr = mem_receive(t, samples[*done]);
        if (hr != S_OK)
            break;
    }
    return hr;
}

// There is no output pin whose blocking would be asked instead: Receive may block.
static HRESULT STDMETHODCALLTYPE mem_canblock(IMemInputPin *t) { return S_OK; }

IMemInputPinVtbl memVtbl = {
    mem_qi, mem_addref, mem_release, mem_allocator, mem_notify, mem_requirements, mem_receive, mem_receivemultiple, mem_canblock,
};
