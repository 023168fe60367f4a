// settings.h: the options of a filter from outside: a value of each that is not
// its default, a stream and a property bag to keep them in, and what is kept there.
#pragma once
#include "stream.h"
#include <map>

// Parts of values that must not be found where secrets are hidden.
const char *const secrets[] = { "s3cret-key", "pa55word" };

struct Setting {
    const WCHAR *name, *value;
};
extern const Setting settings[57];

typedef std::map<std::wstring, std::wstring> Texts;

// MemoryStream is a stream in memory that can misbehave.
struct MemoryStream : Counted<IStream> {
    Bytes data;
    size_t at = 0;
    ULONG most = ~0u;         // bytes that one call takes or gives
    HRESULT failure = S_OK;   // of reads and writes
    bool lies = false;        // Read tells of more bytes than it was asked for
    HRESULT STDMETHODCALLTYPE Read(void *to, ULONG n, ULONG *got) override;
    HRESULT STDMETHODCALLTYPE Write(const void *from, ULONG n, ULONG *put) override;
    HRESULT STDMETHODCALLTYPE Seek(LARGE_INTEGER, DWORD, ULARGE_INTEGER *) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE SetSize(ULARGE_INTEGER) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE CopyTo(IStream *, ULARGE_INTEGER, ULARGE_INTEGER *, ULARGE_INTEGER *) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE Commit(DWORD) override { return S_OK; }
    HRESULT STDMETHODCALLTYPE Revert() override { return S_OK; }
    HRESULT STDMETHODCALLTYPE LockRegion(ULARGE_INTEGER, ULARGE_INTEGER, DWORD) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE UnlockRegion(ULARGE_INTEGER, ULARGE_INTEGER, DWORD) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE Stat(STATSTG *, DWORD) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE Clone(IStream **) override { return E_NOTIMPL; }
};

// Bag is a property bag of values.
struct Bag : Counted<IPropertyBag> {
    std::map<std::wstring, VARIANT> values;
    HRESULT STDMETHODCALLTYPE Read(LPCOLESTR name, VARIANT *value, IErrorLog *) override;
    HRESULT STDMETHODCALLTYPE Write(LPCOLESTR name, VARIANT *value) override;
    void put(const WCHAR *name, const WCHAR *text);
    void put(const WCHAR *name, VARTYPE type, LONG number);
    Texts texts(); // of the BSTRs
};

// Filter is a filter with the interfaces that its settings go through.
struct Filter {
    IBaseFilter *filter = newFilter();
    IRTMPOptions *options = nullptr;
    IPersistStream *stream = query<IPersistStream>(filter);
    IPersistPropertyBag *bag = query<IPersistPropertyBag>(filter);
    Filter();
    ~Filter();
    HRESULT set(const WCHAR *name, const WCHAR *value) { return options->SetOption(name, value); }
    std::wstring get(const WCHAR *name);
    void setAll();
    // everything is all options as they are, secrets too.
    Texts everything();
    Bytes saved();
    HRESULT load(const Bytes &data);
};

// holds tells whether a secret can be found in bytes: as text, as UTF-16, or
// either in base64, wherever it begins.
bool holds(const Bytes &data, const std::string &secret);

// shown is a protected text of the property bag in clear.
std::wstring shown(const std::wstring &text);
