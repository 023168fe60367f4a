// abi.h: the parts of the program abi.exe, which looks at the interfaces of
// RTMPWriterOptions.h as a program does that was compiled against it: values and
// refusals (abi.cpp), properties (abicodec.cpp), the type library (abilibrary.cpp).
#pragma once
#include <winsock2.h>
#include "check.h"
#include "RTMPWriterOptions.h"

enum class Kind { number, onOff, choice, text };

// Option is what an option must be, with numbers written out.
struct Option {
    const char *name, *method;
    Kind kind;
    const GUID *property;
    bool secret;
    // Numbers and choices: range and default.
    LONG low, high, standard;
    // Texts: the default, one that is taken, how it is read back, one that is refused
    // (NULL: all are taken).
    const WCHAR *standardText, *sample, *shown, *refused;

    HRESULT (STDMETHODCALLTYPE IRTMPOptions::*setLong)(LONG);
    HRESULT (STDMETHODCALLTYPE IRTMPOptions::*getLong)(LONG *);
    HRESULT (STDMETHODCALLTYPE IRTMPOptions::*setBool)(BOOL);
    HRESULT (STDMETHODCALLTYPE IRTMPOptions::*getBool)(BOOL *);
    HRESULT (STDMETHODCALLTYPE IRTMPOptions::*setText)(LPCWSTR);
    HRESULT (STDMETHODCALLTYPE IRTMPOptions::*getText)(LPWSTR *);
};
extern const std::vector<Option> options; // in the order of the methods
const Option &optionNamed(const char *name);

// Filter is one new filter and its interfaces. Its end checks that nothing else
// refers to it.
struct Filter {
    IBaseFilter *filter = nullptr;
    IRTMPOptions *options = nullptr;
    ICodecAPI *codec = nullptr;
    Filter();
    ~Filter();
    Filter(const Filter &) = delete;
    Filter &operator=(const Filter &) = delete;

    HRESULT get(const Option &o, LONG *value) const;         // numbers, choices, on and off
    HRESULT set(const Option &o, LONG value) const;
    std::wstring text(const Option &o) const;                // by the Get method
    std::wstring text(const char *name) const;               // by GetOption
    HRESULT set(const char *name, const WCHAR *value) const; // by SetOption
};

// errorText takes the text of IErrorInfo, empty for none.
std::wstring errorText();

// Variant is a VARIANT that is cleared at its end. A new one is filled with what a
// method must not look at.
struct Variant : VARIANT {
    Variant() { memset(static_cast<VARIANT *>(this), 0x5a, sizeof(VARIANT)); }
    explicit Variant(LONG n) { vt = VT_I4, lVal = n; }
    explicit Variant(const WCHAR *s) { vt = VT_BSTR, bstrVal = SysAllocString(s); }
    ~Variant() { if (vt == VT_BSTR) SysFreeString(bstrVal); }
    Variant(const Variant &) = delete;
    Variant &operator=(const Variant &) = delete;
};

void layout(), roundTrips(), refusals(), byName(), nullPointers(), longTexts(), secretsStay(), whileConnecting(), control();
void propertiesKnown(), propertyRanges(), propertyValues(), convertibles(), badVariants(), propertyNulls(), changedLists(), settings();
void library();
