//go:build windows && cgo

// IPersistPropertyBag: each option a property, its name in Pascal case, its value
// a BSTR. What a host or a person wrote as a number or a truth value is taken too.
#include "com.h"
#include "persist.h"

UNKNOWN(IPersistPropertyBag, bag)
#define F CONTAINER(t, Filter, bag)

static HRESULT STDMETHODCALLTYPE bag_classid(IPersistPropertyBag *t, CLSID *id)
{
    if (!id)
        return E_POINTER;
    *id = CLSID_NANO_RTMP_WRITER;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE bag_new(IPersistPropertyBag *t) { return goInitNew(F->h); }

static void freePairs(BagPair *pairs, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        free(pairs[i].name);
        free(pairs[i].text);
    }
    free(pairs);
}

// textOf is a value as text, NULL for one that is none: with the words True and
// False, and digits as every country writes them.
static uint16_t *textOf(VARIANT *value)
{
    VARIANT as;
    uint16_t *text = NULL;
    VariantInit(&as);
    if (V_VT(value) == VT_EMPTY || V_VT(value) == VT_NULL)
        return NULL;
    if (SUCCEEDED(VariantChangeTypeEx(&as, value, LOCALE_INVARIANT, VARIANT_ALPHABOOL, VT_BSTR))) {
        if (SysStringLen(V_BSTR(&as)) <= MOST)
            text = (uint16_t *)_wcsdup(V_BSTR(&as) ? V_BSTR(&as) : L"");
        VariantClear(&as);
    }
    return text;
}

// readPair asks the bag for an option. One that it lacks is no error, but one
// that cannot be text is.
static HRESULT readPair(IPropertyBag *bag, IErrorLog *log, BagPair *pair)
{
    HRESULT hr;
    VARIANT value;
    VariantInit(&value);
    hr = IPropertyBag_Read(bag, (LPCWSTR)pair->name, &value, log);
    if (hr == E_POINTER || hr == E_OUTOFMEMORY)
        return hr;
    if (FAILED(hr))
        return S_OK; // E_INVALIDARG: the bag has no such property
    pair->text = textOf(&value);
    hr = pair->text || V_VT(&value) == VT_EMPTY || V_VT(&value) == VT_NULL ? S_OK : DISP_E_TYPEMISMATCH;
    VariantClear(&value);
    return hr;
}

static HRESULT STDMETHODCALLTYPE bag_load(IPersistPropertyBag *t, IPropertyBag *bag, IErrorLog *log)
{
    BagPair *pairs = NULL;
    int32_t n = 0;
    HRESULT hr;
    if (!bag)
        return E_POINTER;
    hr = goBagNames(&pairs, &n);
    for (int32_t i = 0; SUCCEEDED(hr) && i < n; i++)
        hr = readPair(bag, log, &pairs[i]);
    if (SUCCEEDED(hr))
        hr = goBagLoad(F->h, pairs, n);
    freePairs(pairs, n);
    return hr;
}

static HRESULT STDMETHODCALLTYPE bag_save(IPersistPropertyBag *t, IPropertyBag *bag, BOOL clear, BOOL all)
{
    BagPair *pairs = NULL;
    int32_t n = 0;
    HRESULT hr;
    if (!bag)
        return E_POINTER;
    hr = goBagSave(F->h, all, &pairs, &n);
    for (int32_t i = 0; SUCCEEDED(hr) && i < n; i++) {
        VARIANT value;
        VariantInit(&value);
        V_VT(&value) = VT_BSTR;
        V_BSTR(&value) = SysAllocString((const WCHAR *)pairs[i].text);
        hr = V_BSTR(&value) ? IPropertyBag_Write(bag, (LPCWSTR)pairs[i].name, &value) : E_OUTOFMEMORY;
        VariantClear(&value);
    }
    freePairs(pairs, n);
    if (SUCCEEDED(hr) && clear)
        goSetClean(F->h);
    return hr;
}
#undef F

IPersistPropertyBagVtbl bagVtbl = { bag_qi, bag_addref, bag_release, bag_classid, bag_new, bag_load, bag_save };
