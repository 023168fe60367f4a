//go:build windows && cgo

// Values of options as VARIANTs: VT_I4 for numbers and choices, VT_BOOL, VT_BSTR.
#include "com.h"
#include "options.h"

HRESULT variantOfNumber(int kind, int32_t number, VARIANT *out)
{
    VariantInit(out);
    if (kind == OPTION_BOOL) {
        V_VT(out) = VT_BOOL;
        V_BOOL(out) = number ? VARIANT_TRUE : VARIANT_FALSE;
    } else {
        V_VT(out) = VT_I4;
        V_I4(out) = number;
    }
    return S_OK;
}

// variantOfText takes over a text that Go made.
HRESULT variantOfText(uint16_t *malloced, VARIANT *out)
{
    BSTR text = malloced ? SysAllocString((const OLECHAR *)malloced) : NULL;
    VariantInit(out);
    free(malloced);
    if (!text)
        return E_OUTOFMEMORY;
    V_VT(out) = VT_BSTR;
    V_BSTR(out) = text;
    return S_OK;
}

// textToOption sets an option of any kind by its words. A NULL BSTR is an empty
// one.
static HRESULT textToOption(uintptr_t h, int option, BSTR text)
{
    int length = SysStringLen(text);
    if (length > MAX_TEXT)
        return plainError(E_INVALIDARG);
    if (length && textLength(text, length) != length) { // a NUL within
        setErrorText((const uint16_t *)L"the text has a zero in it");
        return E_INVALIDARG;
    }
    return goOptionSetText(h, option, (uint16_t *)text, length);
}

// isNumber tells the types that are a number, whatever the country.
static BOOL isNumber(VARTYPE type)
{
    switch (type) {
    case VT_I1: case VT_I2: case VT_I4: case VT_I8: case VT_INT:
    case VT_UI1: case VT_UI2: case VT_UI4: case VT_UI8: case VT_UINT:
    case VT_R4: case VT_R8: case VT_DECIMAL: case VT_CY:
        return TRUE;
    }
    return FALSE;
}

// numberToOption sets an option by a VARIANT that is a number or a truth value.
static HRESULT numberToOption(uintptr_t h, int option, VARIANT *value)
{
    VARTYPE as = optionKinds[option] == OPTION_BOOL ? VT_BOOL : optionKinds[option] == OPTION_TEXT ? VT_BSTR : VT_I4;
    VARIANT changed;
    HRESULT hr;
    VariantInit(&changed);
    if (V_VT(value) == VT_BOOL && as != VT_BOOL) {
        setErrorText((const uint16_t *)L"the option is not on or off");
        return E_INVALIDARG;
    }
    if (FAILED(VariantChangeTypeEx(&changed, value, LOCALE_INVARIANT, 0, as))) {
        setErrorText((const uint16_t *)L"the number is too large");
        return E_INVALIDARG;
    }
    if (as == VT_BSTR)
        hr = textToOption(h, option, V_BSTR(&changed));
    else
        hr = goOptionSetNumber(h, option, as == VT_BOOL ? V_BOOL(&changed) != VARIANT_FALSE : V_I4(&changed));
    VariantClear(&changed);
    return hr;
}

// variantToOption sets an option by a VARIANT. What has no value, or would have
// to be asked for one, is refused.
HRESULT variantToOption(uintptr_t h, int option, const VARIANT *value)
{
    VARTYPE type = V_VT(value) & ~VT_BYREF;
    VARIANT direct;
    HRESULT hr;
    if (type != VT_BSTR && type != VT_BOOL && !isNumber(type)) {
        setErrorText((const uint16_t *)L"a VARIANT of this type is no value of the option's");
        return E_INVALIDARG;
    }
    if ((V_VT(value) & VT_BYREF) && !V_BYREF(value)) {
        setErrorText((const uint16_t *)L"the VARIANT refers to nothing");
        return E_INVALIDARG;
    }
    VariantInit(&direct);
    if (FAILED(VariantCopyInd(&direct, (VARIANT *)value)))
        return plainError(E_INVALIDARG);
    if (type == VT_BSTR)
        hr = textToOption(h, option, V_BSTR(&direct));
    else
        hr = numberToOption(h, option, &direct);
    VariantClear(&direct);
    return hr == RTMP_E_OPTION ? E_INVALIDARG : hr;
}
