//go:build windows && cgo

// Strings across the seam: UTF-16 from Go's malloc to the COM task allocator.
#include "com.h"

HRESULT dupString(const uint16_t *s, LPWSTR *out)
{
    size_t n = (wcslen((const WCHAR *)s) + 1) * sizeof(WCHAR);
    *out = CoTaskMemAlloc(n);
    if (!*out)
        return E_OUTOFMEMORY;
    memcpy(*out, s, n);
    return S_OK;
}

HRESULT takeText(uint16_t *malloced, LPWSTR *out)
{
    HRESULT hr;
    *out = NULL;
    if (!malloced)
        return E_OUTOFMEMORY;
    hr = dupString(malloced, out);
    free(malloced);
    return hr;
}

int textLength(const WCHAR *s, int most)
{
    int n = 0;
    while (n <= most && s[n])
        n++;
    return n <= most ? n : -1;
}
