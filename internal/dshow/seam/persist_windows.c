//go:build windows && cgo

// IPersistStream and IPersistPropertyBag: the options in the file of a graph, or
// in the properties of a host. What is written, and how secrets are kept, is
// package store's; here are the rules of streams and bags.
#include "com.h"
#include "persist.h"

// Before the data the stream has a mark, so that a wrong place in a file is
// noticed, and the length, so that no more is read than was written.
typedef struct {
    char mark[4];
    uint32_t length;
} Header;
static const char mark[4] = "nRTW";

UNKNOWN(IPersistStream, stream)
#define F CONTAINER(t, Filter, stream)

static HRESULT STDMETHODCALLTYPE stream_classid(IPersistStream *t, CLSID *id)
{
    if (!id)
        return E_POINTER;
    *id = CLSID_NANO_RTMP_WRITER;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE stream_dirty(IPersistStream *t) { return goDirty(F->h) ? S_OK : S_FALSE; }

// readAll reads n bytes, however few come at once.
static HRESULT readAll(IStream *s, void *to, ULONG n)
{
    ULONG got;
    for (BYTE *at = to; n > 0; at += got, n -= got) {
        HRESULT hr;
        got = 0;
        hr = IStream_Read(s, at, n, &got);
        if (FAILED(hr))
            return hr;
        if (got == 0)
            return HRESULT_FROM_WIN32(ERROR_HANDLE_EOF);
        if (got > n)
            return STG_E_READFAULT;
    }
    return S_OK;
}

static HRESULT writeAll(IStream *s, const void *from, ULONG n)
{
    ULONG put;
    for (const BYTE *at = from; n > 0; at += put, n -= put) {
        HRESULT hr;
        put = 0;
        hr = IStream_Write(s, at, n, &put);
        if (FAILED(hr))
            return hr;
        if (put == 0 || put > n)
            return STG_E_MEDIUMFULL;
    }
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE stream_load(IPersistStream *t, IStream *s)
{
    Header header;
    HRESULT hr;
    uint8_t *data;
    if (!s)
        return E_POINTER;
    hr = readAll(s, &header, sizeof header);
    if (FAILED(hr))
        return hr;
    if (memcmp(header.mark, mark, sizeof mark) || header.length > MOST)
        return STG_E_INVALIDHEADER;
    data = malloc(header.length + 1); // never none
    if (!data)
        return E_OUTOFMEMORY;
    hr = readAll(s, data, header.length);
    if (SUCCEEDED(hr))
        hr = goLoad(F->h, data, (int32_t)header.length);
    free(data);
    return hr;
}

static HRESULT STDMETHODCALLTYPE stream_save(IPersistStream *t, IStream *s, BOOL clear)
{
    Header header;
    HRESULT hr;
    uint8_t *data = NULL;
    int32_t length = 0;
    if (!s)
        return E_POINTER;
    hr = goSave(F->h, &data, &length);
    if (FAILED(hr))
        return hr;
    memcpy(header.mark, mark, sizeof mark);
    header.length = length;
    hr = writeAll(s, &header, sizeof header);
    if (SUCCEEDED(hr))
        hr = writeAll(s, data, length);
    free(data);
    if (SUCCEEDED(hr) && clear)
        goSetClean(F->h);
    return hr;
}

// GetSizeMax allows for secrets that are protected to another length each time.
static HRESULT STDMETHODCALLTYPE stream_size(IPersistStream *t, ULARGE_INTEGER *size)
{
    HRESULT hr;
    uint8_t *data = NULL;
    int32_t length = 0;
    if (!size)
        return E_POINTER;
    size->QuadPart = 0;
    hr = goSave(F->h, &data, &length);
    if (FAILED(hr))
        return hr;
    free(data);
    size->QuadPart = sizeof(Header) + (ULONGLONG)length + 4096;
    return S_OK;
}
#undef F

IPersistStreamVtbl streamVtbl = {
    stream_qi, stream_addref, stream_release, stream_classid, stream_dirty, stream_load, stream_save, stream_size,
};
