//go:build windows && cgo

// The texts of errors: IErrorInfo, which a program finds by GetErrorInfo on the
// thread that called, and ISupportErrorInfo, which says where to expect one.
#include "com.h"
#include "options.h"

void setErrorText(const uint16_t *text)
{
    ICreateErrorInfo *create;
    IErrorInfo *info;
    if (!text || FAILED(CreateErrorInfo(&create)))
        return;
    ICreateErrorInfo_SetDescription(create, (LPOLESTR)text);
    ICreateErrorInfo_SetSource(create, (LPOLESTR)L"nRtmpRenderer");
    if (SUCCEEDED(ICreateErrorInfo_QueryInterface(create, &IID_IErrorInfo, (void **)&info))) {
        SetErrorInfo(0, info);
        IErrorInfo_Release(info);
    }
    ICreateErrorInfo_Release(create);
}

HRESULT plainError(HRESULT hr)
{
    SetErrorInfo(0, NULL);
    return hr;
}

UNKNOWN(ISupportErrorInfo, errinfo)

static HRESULT STDMETHODCALLTYPE errinfo_supports(ISupportErrorInfo *t, REFIID iid)
{
    const IID *const with[] = { &IID_IRTMPOptions, &IID_IRTMPMetadataSink, &IID_ICodecAPI, &IID_IFileSinkFilter, &IID_IPersistStream, &IID_IPersistPropertyBag };
    if (!iid)
        return E_POINTER;
    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        if (IsEqualGUID(iid, with[i]))
            return S_OK;
    return S_FALSE;
}

ISupportErrorInfoVtbl errinfoVtbl = { errinfo_qi, errinfo_addref, errinfo_release, errinfo_supports };
