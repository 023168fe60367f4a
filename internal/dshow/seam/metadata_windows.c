//go:build windows && cgo

// IRTMPMetadataSink: data messages and commands of the program's.
#include "com.h"
#include "options.h"

UNKNOWN(IRTMPMetadataSink, meta)
#define F CONTAINER(t, Filter, meta)

// lengths are those of a name and of a JSON text, which may be NULL.
static HRESULT lengths(LPCWSTR name, LPCWSTR json, int *nameLength, int *jsonLength)
{
    if (!name)
        return E_POINTER;
    *nameLength = textLength(name, MAX_TEXT);
    *jsonLength = json ? textLength(json, MAX_TEXT) : 0;
    return *nameLength < 0 || *jsonLength < 0 ? E_INVALIDARG : S_OK;
}

static HRESULT STDMETHODCALLTYPE meta_send(IRTMPMetadataSink *t, LPCWSTR handler, LPCWSTR json, BOOL stored)
{
    int handlerLength, jsonLength;
    HRESULT hr = lengths(handler, json, &handlerLength, &jsonLength);
    if (FAILED(hr))
        return plainError(hr);
    return goSendMetadata(F->h, (uint16_t *)handler, handlerLength, (uint16_t *)json, jsonLength, stored);
}

static HRESULT STDMETHODCALLTYPE meta_command(IRTMPMetadataSink *t, LPCWSTR name, LPCWSTR json, LPWSTR *answer)
{
    int nameLength, jsonLength;
    uint16_t *text = NULL;
    HRESULT hr;
    if (answer)
        *answer = NULL;
    hr = lengths(name, json, &nameLength, &jsonLength);
    if (FAILED(hr))
        return plainError(hr);
    hr = goSendCommand(F->h, (uint16_t *)name, nameLength, (uint16_t *)json, jsonLength, &text);
    if (SUCCEEDED(hr) && answer)
        return takeText(text, answer);
    free(text);
    return hr;
}
#undef F

IRTMPMetadataSinkVtbl metaVtbl = { meta_qi, meta_addref, meta_release, meta_send, meta_command };
