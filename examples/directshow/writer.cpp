#include "writer.h"

#include "text.h"

namespace {

typedef HRESULT(STDAPICALLTYPE *GetClassObject)(REFCLSID, REFIID, void **);

HRESULT createFrom(const std::wstring &module, IBaseFilter **writer)
{
    // The file stays loaded: a filter written in Go cannot be unloaded.
    HMODULE dll = LoadLibraryExW(module.c_str(), NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (!dll)
        return HRESULT_FROM_WIN32(GetLastError());
    FARPROC entry = GetProcAddress(dll, "DllGetClassObject");
    if (!entry)
        return HRESULT_FROM_WIN32(GetLastError());
    GetClassObject get = (GetClassObject)(void *)entry;
    IClassFactory *factory;
    HRESULT hr = get(CLSID_NANO_RTMP_WRITER, IID_IClassFactory, (void **)&factory);
    if (FAILED(hr))
        return hr;
    hr = factory->CreateInstance(NULL, IID_IBaseFilter, (void **)writer);
    factory->Release();
    return hr;
}

HRESULT setUrl(IBaseFilter *writer, const std::wstring &url)
{
    IFileSinkFilter *sink;
    HRESULT hr = writer->QueryInterface(IID_IFileSinkFilter, (void **)&sink);
    if (FAILED(hr))
        return hr;
    hr = sink->SetFileName(url.c_str(), NULL);
    sink->Release();
    return hr;
}

// setOptions shows both ways: a method of its own for each option, and SetOption
// for names that come from elsewhere. S_FALSE would tell that an option counts
// from the next connection on.
HRESULT setOptions(IRTMPOptions *options, const Settings &settings, std::string *what)
{
    HRESULT hr = S_OK;
    *what = "setting an option";
    if (settings.live && FAILED(hr = options->SetLiveMode(TRUE)))
        return hr;
    if (settings.lowLatency) {
        if (FAILED(hr = options->SetOutputBufferSize(0)) || FAILED(hr = options->SetTcpNoDelay(TRUE)))
            return hr;
    }
    if (settings.reconnect) {
        if (FAILED(hr = options->SetReconnectUnlimited(TRUE)) || FAILED(hr = options->SetReconnectInterval(2000)))
            return hr;
    }
    for (size_t i = 0; i < settings.options.size(); i++) {
        hr = options->SetOption(settings.options[i].first.c_str(), settings.options[i].second.c_str());
        if (FAILED(hr))
            return hr;
    }
    return S_OK;
}

} // namespace

HRESULT CreateWriter(const std::wstring &module, IBaseFilter **writer)
{
    *writer = NULL;
    if (!module.empty())
        return createFrom(module, writer);
    return CoCreateInstance(CLSID_NANO_RTMP_WRITER, NULL, CLSCTX_INPROC_SERVER, IID_IBaseFilter, (void **)writer);
}

HRESULT Configure(IBaseFilter *writer, const Settings &settings, std::string *what)
{
    *what = "IRTMPOptions";
    IRTMPOptions *options;
    HRESULT hr = writer->QueryInterface(IID_IRTMPOptions, (void **)&options);
    if (FAILED(hr))
        return hr;
    // Options first: some of them say how a URL is read.
    hr = setOptions(options, settings, what);
    options->Release();
    if (FAILED(hr))
        return hr;
    *what = "the URL";
    return setUrl(writer, settings.url);
}

std::string Reason(IBaseFilter *writer)
{
    std::string reason;
    IRTMPOptions *options;
    if (FAILED(writer->QueryInterface(IID_IRTMPOptions, (void **)&options)))
        return reason;
    LPWSTR text = NULL;
    if (SUCCEEDED(options->GetLastErrorText(&text)) && text) {
        reason = Utf8(text);
        CoTaskMemFree(text);
    }
    options->Release();
    return reason;
}
