//go:build windows && cgo

// AM_MEDIA_TYPE: copies of our own, and the view that Go gets.
#include "com.h"

// FourCCs and WAVE format tags share all but the first part.
#define SUBTYPE(code) { code, 0x0000, 0x0010, { 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71 } }
const GUID subtypeH264 = SUBTYPE(0x34363248);      // H264
const GUID subtypeH264Lower = SUBTYPE(0x34363268); // h264
const GUID subtypeAAC = SUBTYPE(0x000000ff);       // WAVE_FORMAT_RAW_AAC1

// MAX_BLOCK bounds a format block: the largest parameter sets are a few kB.
#define MAX_BLOCK (1 << 20)

MediaType mediaTypeOf(const AM_MEDIA_TYPE *mt)
{
    MediaType t = { .block = mt->pbFormat, .length = mt->pbFormat ? mt->cbFormat : 0 };
    memcpy(t.major, &mt->majortype, sizeof t.major);
    memcpy(t.subtype, &mt->subtype, sizeof t.subtype);
    memcpy(t.format, &mt->formattype, sizeof t.format);
    if (t.length > MAX_BLOCK)
        t.length = 0; // refused for lack of a block
    return t;
}

HRESULT copyMediaType(AM_MEDIA_TYPE *to, const AM_MEDIA_TYPE *from)
{
    *to = *from;
    to->pbFormat = NULL;
    to->cbFormat = 0;
    if (from->pbFormat && from->cbFormat && from->cbFormat <= MAX_BLOCK) {
        to->pbFormat = CoTaskMemAlloc(from->cbFormat);
        if (!to->pbFormat) {
            memset(to, 0, sizeof *to);
            return E_OUTOFMEMORY;
        }
        memcpy(to->pbFormat, from->pbFormat, from->cbFormat);
        to->cbFormat = from->cbFormat;
    }
    if (to->pUnk)
        IUnknown_AddRef(to->pUnk);
    return S_OK;
}

void freeMediaType(AM_MEDIA_TYPE *mt)
{
    CoTaskMemFree(mt->pbFormat);
    if (mt->pUnk)
        IUnknown_Release(mt->pUnk);
    memset(mt, 0, sizeof *mt);
}
