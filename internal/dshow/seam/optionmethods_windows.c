//go:build windows && cgo

// What the methods of IRTMPOptions do: they check pointers and lengths, and ask
// Go. The vtable, with two methods for every option, is generated.
#include "com.h"
#include "options.h"

#define H (CONTAINER(t, Filter, options)->h)

HRESULT optionSetNumber(IRTMPOptions *t, int option, LONG value) { return goOptionSetNumber(H, option, value); }

HRESULT optionGetNumber(IRTMPOptions *t, int option, LONG *value)
{
    int32_t number = 0;
    HRESULT hr;
    if (!value)
        return plainError(E_POINTER);
    hr = goOptionGetNumber(H, option, &number);
    *value = number;
    return hr;
}

HRESULT optionSetBool(IRTMPOptions *t, int option, BOOL value) { return goOptionSetNumber(H, option, value != FALSE); }

HRESULT optionGetBool(IRTMPOptions *t, int option, BOOL *value)
{
    LONG number = 0;
    HRESULT hr;
    if (!value)
        return plainError(E_POINTER);
    hr = optionGetNumber(t, option, &number);
    *value = number != 0;
    return hr;
}

HRESULT optionSetText(IRTMPOptions *t, int option, LPCWSTR value)
{
    int n;
    if (!value)
        return plainError(E_POINTER);
    n = textLength(value, MAX_TEXT);
    return n < 0 ? plainError(E_INVALIDARG) : goOptionSetText(H, option, (uint16_t *)value, n);
}

// give hands out a text that Go made, unless there was an error.
static HRESULT give(HRESULT hr, uint16_t *text, LPWSTR *out)
{
    if (SUCCEEDED(hr))
        return takeText(text, out);
    free(text);
    return hr;
}

HRESULT optionGetText(IRTMPOptions *t, int option, LPWSTR *value)
{
    uint16_t *text = NULL;
    HRESULT hr;
    if (!value)
        return plainError(E_POINTER);
    *value = NULL;
    hr = goOptionGetText(H, option, &text);
    return give(hr, text, value);
}

HRESULT STDMETHODCALLTYPE options_ConnectServer(IRTMPOptions *t) { return goConnectServer(H); }
HRESULT STDMETHODCALLTYPE options_BeginConnectServer(IRTMPOptions *t) { return goBeginConnectServer(H); }
HRESULT STDMETHODCALLTYPE options_Disconnect(IRTMPOptions *t) { return goDisconnect(H); }
HRESULT STDMETHODCALLTYPE options_ReconnectNow(IRTMPOptions *t) { return goReconnectNow(H); }

HRESULT STDMETHODCALLTYPE options_GetStatus(IRTMPOptions *t, int *status)
{
    int32_t state = RTMPWriterDisconnected;
    HRESULT hr;
    if (!status)
        return plainError(E_POINTER);
    hr = goGetStatus(H, &state);
    *status = state;
    return hr;
}

HRESULT STDMETHODCALLTYPE options_GetStatistics(IRTMPOptions *t, rtmp_writer_stats_t *stats)
{
    Statistics counted;
    HRESULT hr;
    if (!stats)
        return plainError(E_POINTER);
    memset(&counted, 0, sizeof counted);
    hr = goGetStatistics(H, &counted);
    statisticsToABI(&counted, stats);
    return hr;
}

HRESULT STDMETHODCALLTYPE options_GetLastErrorText(IRTMPOptions *t, LPWSTR *text)
{
    uint16_t *words = NULL;
    HRESULT hr;
    if (!text)
        return plainError(E_POINTER);
    *text = NULL;
    hr = goGetLastErrorText(H, &words);
    return give(hr, words, text);
}

HRESULT STDMETHODCALLTYPE options_SetOption(IRTMPOptions *t, LPCWSTR name, LPCWSTR value)
{
    int n, length;
    if (!name || !value)
        return plainError(E_POINTER);
    n = textLength(name, MAX_TEXT);
    length = textLength(value, MAX_TEXT);
    if (n < 0 || length < 0)
        return plainError(E_INVALIDARG);
    return goSetOption(H, (uint16_t *)name, n, (uint16_t *)value, length);
}

HRESULT STDMETHODCALLTYPE options_GetOption(IRTMPOptions *t, LPCWSTR name, LPWSTR *value)
{
    uint16_t *text = NULL;
    HRESULT hr;
    int n;
    if (!value)
        return plainError(E_POINTER);
    *value = NULL;
    if (!name)
        return plainError(E_POINTER);
    n = textLength(name, MAX_TEXT);
    if (n < 0)
        return plainError(E_INVALIDARG);
    hr = goGetOption(H, (uint16_t *)name, n, &text);
    return give(hr, text, value);
}
