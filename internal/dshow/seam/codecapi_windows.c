//go:build windows && cgo

// ICodecAPI: every option as a property. It answers as Microsoft's documentation
// of the interface has it, above all E_INVALIDARG for a value that is refused and
// E_NOTIMPL from IsSupported.
#include "com.h"
#include "options.h"

UNKNOWN(ICodecAPI, codec)
#define H (CONTAINER(t, Filter, codec)->h)

static int find(const GUID *property)
{
    for (int i = 0; i < optionCount; i++)
        if (IsEqualGUID(property, optionProperties[i]))
            return i;
    return -1;
}

// lookUp finds the option of a property.
static HRESULT lookUp(const GUID *property, int *option)
{
    if (!property)
        return plainError(E_POINTER);
    *option = find(property);
    return *option < 0 ? plainError(E_INVALIDARG) : S_OK;
}

static HRESULT STDMETHODCALLTYPE codec_supported(ICodecAPI *t, const GUID *property)
{
    if (!property)
        return plainError(E_POINTER);
    return find(property) < 0 ? plainError(E_NOTIMPL) : S_OK;
}

static HRESULT STDMETHODCALLTYPE codec_modifiable(ICodecAPI *t, const GUID *property)
{
    int option;
    HRESULT hr = lookUp(property, &option);
    return FAILED(hr) ? hr : goOptionModifiable(H, option);
}

static HRESULT STDMETHODCALLTYPE codec_range(ICodecAPI *t, const GUID *property, VARIANT *min, VARIANT *max, VARIANT *step)
{
    int32_t low = 0, high = 0;
    int option;
    HRESULT hr;
    if (!min || !max || !step)
        return plainError(E_POINTER);
    VariantInit(min);
    VariantInit(max);
    VariantInit(step);
    hr = lookUp(property, &option);
    if (FAILED(hr))
        return hr;
    if (optionKinds[option] == OPTION_TEXT)
        return plainError(E_NOTIMPL);
    if (optionKinds[option] != OPTION_NUMBER)
        return plainError(VFW_E_CODECAPI_ENUMERATED);
    hr = goOptionRange(H, option, &low, &high);
    if (FAILED(hr))
        return hr;
    variantOfNumber(OPTION_NUMBER, low, min);
    variantOfNumber(OPTION_NUMBER, high, max);
    return variantOfNumber(OPTION_NUMBER, 1, step);
}

static HRESULT STDMETHODCALLTYPE codec_values(ICodecAPI *t, const GUID *property, VARIANT **values, ULONG *count)
{
    int32_t n = 2;
    int option;
    HRESULT hr;
    if (values)
        *values = NULL;
    if (count)
        *count = 0;
    if (!values || !count)
        return plainError(E_POINTER);
    hr = lookUp(property, &option);
    if (FAILED(hr))
        return hr;
    if (optionKinds[option] == OPTION_TEXT)
        return plainError(E_NOTIMPL);
    if (optionKinds[option] == OPTION_NUMBER)
        return plainError(VFW_E_CODECAPI_LINEAR_RANGE);
    if (optionKinds[option] == OPTION_CHOICE)
        hr = goOptionChoices(option, &n);
    if (FAILED(hr))
        return hr;
    *values = CoTaskMemAlloc(n * sizeof **values);
    if (!*values)
        return plainError(E_OUTOFMEMORY);
    for (int32_t i = 0; i < n; i++)
        variantOfNumber(optionKinds[option], i, &(*values)[i]);
    *count = n;
    return S_OK;
}

// show is a value in force, or a default, as a VARIANT.
static HRESULT show(ICodecAPI *t, const GUID *property, VARIANT *value, int standard)
{
    uint16_t *text = NULL;
    int32_t number = 0;
    int option;
    HRESULT hr;
    if (!value)
        return plainError(E_POINTER);
    VariantInit(value);
    hr = lookUp(property, &option);
    if (FAILED(hr))
        return hr;
    hr = goOptionShow(H, option, standard, &number, &text);
    if (FAILED(hr))
        return hr;
    if (optionKinds[option] == OPTION_TEXT)
        return variantOfText(text, value);
    return variantOfNumber(optionKinds[option], number, value);
}

static HRESULT STDMETHODCALLTYPE codec_default(ICodecAPI *t, const GUID *property, VARIANT *value) { return show(t, property, value, 1); }
static HRESULT STDMETHODCALLTYPE codec_get(ICodecAPI *t, const GUID *property, VARIANT *value) { return show(t, property, value, 0); }

static HRESULT STDMETHODCALLTYPE codec_set(ICodecAPI *t, const GUID *property, VARIANT *value)
{
    int option;
    HRESULT hr = lookUp(property, &option);
    if (FAILED(hr))
        return hr;
    return value ? variantToOption(H, option, value) : plainError(E_POINTER);
}

// No property changes but by a call, so there is nothing to tell.
static HRESULT STDMETHODCALLTYPE codec_register(ICodecAPI *t, const GUID *event, LONG_PTR user)
{
    return plainError(event ? E_NOTIMPL : E_POINTER);
}

static HRESULT STDMETHODCALLTYPE codec_unregister(ICodecAPI *t, const GUID *event)
{
    return plainError(event ? E_NOTIMPL : E_POINTER);
}

static HRESULT STDMETHODCALLTYPE codec_reset(ICodecAPI *t) { return goOptionsReset(H); }

static HRESULT STDMETHODCALLTYPE codec_save(ICodecAPI *t, IStream *stream)
{
    return IPersistStream_Save(&CONTAINER(t, Filter, codec)->stream, stream, FALSE);
}

static HRESULT STDMETHODCALLTYPE codec_load(ICodecAPI *t, IStream *stream)
{
    return IPersistStream_Load(&CONTAINER(t, Filter, codec)->stream, stream);
}

// withNotify makes ready for a call that tells which properties it changed.
static HRESULT withNotify(ICodecAPI *t, GUID **changed, ULONG *count, uintptr_t *before)
{
    if (changed)
        *changed = NULL;
    if (count)
        *count = 0;
    if (!changed || !count)
        return plainError(E_POINTER);
    *before = goOptionsRemember(H);
    return *before ? S_OK : E_UNEXPECTED;
}

// told makes the list of what is not as it was before.
static HRESULT told(ICodecAPI *t, HRESULT hr, uintptr_t before, GUID **changed, ULONG *count)
{
    uint8_t *flags = calloc(optionCount, 1);
    HRESULT compared = goOptionsCompare(H, before, flags, flags ? optionCount : 0);
    ULONG n = 0;
    if (SUCCEEDED(hr))
        hr = FAILED(compared) ? compared : !flags ? E_OUTOFMEMORY : hr;
    for (int i = 0; SUCCEEDED(hr) && i < optionCount; i++)
        n += flags[i];
    if (n && !(*changed = CoTaskMemAlloc(n * sizeof **changed)))
        hr = E_OUTOFMEMORY;
    for (int i = 0; SUCCEEDED(hr) && n && i < optionCount; i++)
        if (flags[i])
            (*changed)[(*count)++] = *optionProperties[i];
    free(flags);
    return hr;
}

static HRESULT STDMETHODCALLTYPE codec_setnotify(ICodecAPI *t, const GUID *property, VARIANT *value, GUID **changed, ULONG *count)
{
    uintptr_t before = 0;
    HRESULT hr = withNotify(t, changed, count, &before);
    return FAILED(hr) ? hr : told(t, codec_set(t, property, value), before, changed, count);
}

static HRESULT STDMETHODCALLTYPE codec_resetnotify(ICodecAPI *t, GUID **changed, ULONG *count)
{
    uintptr_t before = 0;
    HRESULT hr = withNotify(t, changed, count, &before);
    return FAILED(hr) ? hr : told(t, codec_reset(t), before, changed, count);
}

static HRESULT STDMETHODCALLTYPE codec_loadnotify(ICodecAPI *t, IStream *stream, GUID **changed, ULONG *count)
{
    uintptr_t before = 0;
    HRESULT hr = withNotify(t, changed, count, &before);
    return FAILED(hr) ? hr : told(t, codec_load(t, stream), before, changed, count);
}

ICodecAPIVtbl codecVtbl = {
    codec_qi, codec_addref, codec_release,
    codec_supported, codec_modifiable, codec_range, codec_values, codec_default, codec_get, codec_set,
    codec_register, codec_unregister, codec_reset, codec_setnotify, codec_resetnotify,
    codec_save, codec_load, codec_loadnotify,
};
