//go:build windows && cgo

// regsvr32: the classes in the registry, and the filter in DirectShow's category.
#include "com.h"

static const WCHAR filterName[] = L"RTMP Network Writer";
static const WCHAR pageName[] = L"RTMP Network Writer Property Page";

static HRESULT setKey(const WCHAR *path, const WCHAR *name, const WCHAR *value)
{
    HKEY key;
    LONG e = RegCreateKeyExW(HKEY_CLASSES_ROOT, path, 0, NULL, 0, KEY_WRITE, NULL, &key, NULL);
    if (e)
        return HRESULT_FROM_WIN32(e);
    e = RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)value, (DWORD)((wcslen(value) + 1) * sizeof(WCHAR)));
    RegCloseKey(key);
    return HRESULT_FROM_WIN32(e);
}

static HRESULT registerClass(REFCLSID clsid, const WCHAR *name)
{
    WCHAR id[40], key[64], server[96], file[32768];
    DWORD n = GetModuleFileNameW(g_module, file, sizeof file / sizeof *file);
    HRESULT hr;
    if (n == 0 || n >= sizeof file / sizeof *file)
        return E_FAIL;
    StringFromGUID2(clsid, id, sizeof id / sizeof *id);
    wsprintfW(key, L"CLSID\\%s", id);
    wsprintfW(server, L"CLSID\\%s\\InprocServer32", id);
    hr = setKey(key, NULL, name);
    if (SUCCEEDED(hr))
        hr = setKey(server, NULL, file);
    if (SUCCEEDED(hr))
        hr = setKey(server, L"ThreadingModel", L"Both");
    return hr;
}

static HRESULT unregisterClass(REFCLSID clsid)
{
    WCHAR id[40], key[64];
    LONG e;
    StringFromGUID2(clsid, id, sizeof id / sizeof *id);
    wsprintfW(key, L"CLSID\\%s", id);
    e = RegDeleteTreeW(HKEY_CLASSES_ROOT, key);
    return e == ERROR_FILE_NOT_FOUND ? S_OK : HRESULT_FROM_WIN32(e);
}

static HRESULT openMapper(IFilterMapper2 **out)
{
    return CoCreateInstance(&CLSID_FilterMapper2, NULL, CLSCTX_INPROC_SERVER, &IID_IFilterMapper2, (void **)out);
}

// registerFilter says what the pins take. The merit keeps the filter out of
// graphs that are built by themselves: nobody wants to go on air by accident.
static HRESULT registerFilter(void)
{
    REGPINTYPES video[] = { { &MEDIATYPE_Video, &subtypeH264 }, { &MEDIATYPE_Video, &subtypeH264Lower } };
    REGPINTYPES audio[] = { { &MEDIATYPE_Audio, &subtypeAAC } };
    REGFILTERPINS2 pins[] = {
        { .dwFlags = REG_PINFLAG_B_RENDERER, .cInstances = 1, .nMediaTypes = 2, .lpMediaType = video },
        { .dwFlags = REG_PINFLAG_B_RENDERER, .cInstances = 1, .nMediaTypes = 1, .lpMediaType = audio },
    };
    REGFILTER2 filter = { .dwVersion = 2, .dwMerit = MERIT_DO_NOT_USE, .cPins2 = 2, .rgPins2 = pins };
    IFilterMapper2 *mapper;
    IMoniker *moniker = NULL;
    HRESULT hr = openMapper(&mapper);
    if (FAILED(hr))
        return hr;
    hr = IFilterMapper2_RegisterFilter(mapper, &CLSID_NANO_RTMP_WRITER, filterName, &moniker, &CLSID_LegacyAmFilterCategory, NULL, &filter);
    if (moniker)
        IMoniker_Release(moniker);
    IFilterMapper2_Release(mapper);
    return hr;
}

STDAPI DllRegisterServer(void)
{
    HRESULT co = CoInitialize(NULL);
    HRESULT hr = registerClass(&CLSID_NANO_RTMP_WRITER, filterName);
    if (SUCCEEDED(hr))
        hr = registerClass(&CLSID_NANO_RTMP_WRITER_PROPPAGE, pageName);
    if (SUCCEEDED(hr))
        hr = registerFilter();
    if (SUCCEEDED(co))
        CoUninitialize();
    return hr;
}

STDAPI DllUnregisterServer(void)
{
    HRESULT co = CoInitialize(NULL);
    IFilterMapper2 *mapper;
    HRESULT hr, page;
    if (SUCCEEDED(openMapper(&mapper))) {
        IFilterMapper2_UnregisterFilter(mapper, &CLSID_LegacyAmFilterCategory, NULL, &CLSID_NANO_RTMP_WRITER);
        IFilterMapper2_Release(mapper);
    }
    hr = unregisterClass(&CLSID_NANO_RTMP_WRITER);
    page = unregisterClass(&CLSID_NANO_RTMP_WRITER_PROPPAGE);
    if (SUCCEEDED(co))
        CoUninitialize();
    return FAILED(hr) ? hr : page;
}
