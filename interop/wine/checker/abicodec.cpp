// abicodec.cpp: every option as a property of ICodecAPI.
#include "abi.h"

static const GUID nobodys = { 0x3f1c7a52, 0x6c0d, 0x4b1e, { 0x90, 0x4d, 0x21, 0x7e, 0x55, 0x0a, 0x9b, 0x13 } };

static VARTYPE typeOf(const Option &o)
{
    return o.kind == Kind::onOff ? VT_BOOL : o.kind == Kind::text ? VT_BSTR : VT_I4;
}

// numberOf is a VARIANT's number, TRUE as 1.
static LONG numberOf(const VARIANT &v)
{
    return v.vt == VT_BOOL ? (v.boolVal == VARIANT_TRUE ? 1 : v.boolVal == VARIANT_FALSE ? 0 : -99) : v.vt == VT_I4 ? v.lVal : -98;
}

void propertiesKnown()
{
    Filter f;
    Variant a, b, c;
    Variant one(LONG(1));
    VARIANT *list = &a;
    ULONG count = 9;
    for (auto &o : options) {
        CHECK(f.codec->IsSupported(o.property) == S_OK, "%s is supported", o.name);
        CHECK(f.codec->IsModifiable(o.property) == S_OK, "%s is modifiable", o.name);
    }
    CHECK_HR(f.codec->IsSupported(&nobodys), E_NOTIMPL);
    CHECK_HR(f.codec->IsModifiable(&nobodys), E_INVALIDARG);
    CHECK_HR(f.codec->GetParameterRange(&nobodys, &a, &b, &c), E_INVALIDARG);
    CHECK(a.vt == VT_EMPTY && b.vt == VT_EMPTY && c.vt == VT_EMPTY, "an error leaves empty VARIANTs");
    CHECK_HR(f.codec->GetParameterValues(&nobodys, &list, &count), E_INVALIDARG);
    CHECK(!list && !count, "an error leaves no list");
    CHECK_HR(f.codec->GetDefaultValue(&nobodys, &a), E_INVALIDARG);
    CHECK_HR(f.codec->GetValue(&nobodys, &a), E_INVALIDARG);
    CHECK_HR(f.codec->SetValue(&nobodys, &one), E_INVALIDARG);
    CHECK_HR(f.codec->RegisterForEvent(options[0].property, 0), E_NOTIMPL);
    CHECK_HR(f.codec->UnregisterForEvent(options[0].property), E_NOTIMPL);
}

void propertyRanges()
{
    Filter f;
    for (auto &o : options) {
        Variant low, high, step;
        VARIANT *list = nullptr;
        ULONG count = 0;
        HRESULT range = f.codec->GetParameterRange(o.property, &low, &high, &step);
        HRESULT values = f.codec->GetParameterValues(o.property, &list, &count);
        switch (o.kind) {
        case Kind::number:
            CHECK(range == S_OK && numberOf(low) == o.low && numberOf(high) == o.high && numberOf(step) == 1, "%s from %ld to %ld: %s %ld %ld", o.name, o.low, o.high,
                hrName(range).c_str(), numberOf(low), numberOf(high));
            CHECK(values == HRESULT(VFW_E_CODECAPI_LINEAR_RANGE), "%s has no list: %s", o.name, hrName(values).c_str());
            break;
        case Kind::text:
            CHECK(range == E_NOTIMPL && values == E_NOTIMPL, "%s has neither: %s %s", o.name, hrName(range).c_str(), hrName(values).c_str());
            break;
        default:
            CHECK(range == HRESULT(VFW_E_CODECAPI_ENUMERATED), "%s has no range: %s", o.name, hrName(range).c_str());
            CHECK(values == S_OK && count == ULONG(o.high + 1), "%s has %ld values: %s %lu", o.name, o.high + 1, hrName(values).c_str(), count);
            for (ULONG i = 0; i < count; i++)
                CHECK(list[i].vt == typeOf(o) && numberOf(list[i]) == LONG(i), "value %lu of %s", i, o.name);
        }
        if (o.kind != Kind::number)
            CHECK(low.vt == VT_EMPTY && high.vt == VT_EMPTY && step.vt == VT_EMPTY, "%s: the VARIANTs are empty", o.name);
        CoTaskMemFree(list);
    }
}

void propertyValues()
{
    for (auto &o : options) {
        Filter f;
        Variant standard, now, after;
        CHECK(f.codec->GetDefaultValue(o.property, &standard) == S_OK && standard.vt == typeOf(o), "the default of %s: type %d", o.name, standard.vt);
        CHECK(f.codec->GetValue(o.property, &now) == S_OK && now.vt == typeOf(o), "the value of %s: type %d", o.name, now.vt);
        if (o.kind == Kind::text) {
            CHECK(!wcscmp(standard.bstrVal, o.standardText) && !wcscmp(now.bstrVal, o.standardText), "%s is %ls at first", o.name, o.standardText);
            Variant sample(o.sample);
            HRESULT hr = f.codec->SetValue(o.property, &sample);
            CHECK(hr == S_OK && f.text(o) == o.shown, "SetValue of %s: %s, %ls", o.name, hrName(hr).c_str(), f.text(o).c_str());
            hr = f.codec->GetValue(o.property, &after);
            CHECK(hr == S_OK && after.vt == VT_BSTR && f.text(o.name) == after.bstrVal, "GetValue of %s is as GetOption: %ls", o.name, after.bstrVal);
            continue;
        }
        CHECK(numberOf(standard) == o.standard && numberOf(now) == o.standard, "%s is %ld at first", o.name, o.standard);
        for (LONG want : { o.low, o.high, o.standard }) {
            Variant value(want), back;
            LONG got = -1;
            if (o.kind == Kind::onOff)
                value.vt = VT_BOOL, value.boolVal = want ? VARIANT_TRUE : VARIANT_FALSE;
            HRESULT hr = f.codec->SetValue(o.property, &value);
            CHECK(hr == S_OK && f.get(o, &got) == S_OK && got == want, "SetValue of %s to %ld: %s, %ld", o.name, want, hrName(hr).c_str(), got);
            CHECK(f.codec->GetValue(o.property, &back) == S_OK && numberOf(back) == want, "and GetValue");
        }
    }
}

// give sets a property by a VARIANT of any kind.
template <class T> static HRESULT give(Filter &f, const GUID &property, VARTYPE type, T VARIANT::*field, T value)
{
    VARIANT v;
    VariantInit(&v);
    v.vt = type;
    v.*field = value;
    return f.codec->SetValue(&property, &v);
}

static HRESULT giveText(Filter &f, const GUID &property, const WCHAR *text)
{
    Variant v(text);
    return f.codec->SetValue(&property, &v);
}

static LONG number(Filter &f, const char *name)
{
    LONG value = -1;
    f.get(optionNamed(name), &value);
    return value;
}

void convertibles()
{
    Filter f;
    const GUID &size = PROPID_nanoRTMPChunkSize, &mode = PROPID_nanoRTMPPublishMode, &unlimited = PROPID_nanoRTMPUnlimitedReconnect;
    CHECK(give<ULONG>(f, size, VT_UI4, &VARIANT::ulVal, 1001) == S_OK && number(f, "chunk-size") == 1001, "VT_UI4");
    CHECK(give<SHORT>(f, size, VT_I2, &VARIANT::iVal, 1002) == S_OK && number(f, "chunk-size") == 1002, "VT_I2");
    CHECK(give<USHORT>(f, size, VT_UI2, &VARIANT::uiVal, 50000) == S_OK && number(f, "chunk-size") == 50000, "VT_UI2");
    CHECK(give<INT>(f, size, VT_INT, &VARIANT::intVal, 1004) == S_OK && number(f, "chunk-size") == 1004, "VT_INT");
    CHECK(give<LONGLONG>(f, size, VT_I8, &VARIANT::llVal, 1005) == S_OK && number(f, "chunk-size") == 1005, "VT_I8");
    CHECK(give<DOUBLE>(f, size, VT_R8, &VARIANT::dblVal, 1006) == S_OK && number(f, "chunk-size") == 1006, "VT_R8");
    LONG other = 1007;
    CHECK(give<LONG *>(f, size, VT_I4 | VT_BYREF, &VARIANT::plVal, &other) == S_OK && number(f, "chunk-size") == 1007, "VT_BYREF | VT_I4");
    CHECK(giveText(f, size, L"1008") == S_OK && number(f, "chunk-size") == 1008, "VT_BSTR for a number");
    CHECK(giveText(f, mode, L"append") == S_OK && number(f, "publish-mode") == 2, "VT_BSTR for a choice: its word");
    CHECK(giveText(f, mode, L"1") == S_OK && number(f, "publish-mode") == 1, "VT_BSTR for a choice: its number");
    CHECK(give<ULONG>(f, mode, VT_UI4, &VARIANT::ulVal, 2) == S_OK && number(f, "publish-mode") == 2, "VT_UI4 for a choice");
    CHECK(give<LONG>(f, unlimited, VT_I4, &VARIANT::lVal, 1) == S_OK && number(f, "reconnect-unlimited") == 1, "VT_I4 for on and off");
    CHECK(give<LONG>(f, unlimited, VT_I4, &VARIANT::lVal, 0) == S_OK && number(f, "reconnect-unlimited") == 0, "VT_I4 for on and off");
    CHECK(giveText(f, unlimited, L"on") == S_OK && number(f, "reconnect-unlimited") == 1, "VT_BSTR for on and off");
    CHECK(giveText(f, unlimited, L"False") == S_OK && number(f, "reconnect-unlimited") == 0, "VT_BSTR for on and off");
    CHECK(give<LONG>(f, PROPID_nanoRTMPFirstTimecode, VT_I4, &VARIANT::lVal, 5000) == S_OK && f.text("first-timecode") == L"5000", "VT_I4 for a text");
    CHECK(give<BSTR>(f, PROPID_nanoRTMPUsername, VT_BSTR, &VARIANT::bstrVal, nullptr) == S_OK && f.text("username").empty(), "a NULL BSTR is empty");
}

void badVariants()
{
    Filter f;
    const GUID &size = PROPID_nanoRTMPChunkSize, &unlimited = PROPID_nanoRTMPUnlimitedReconnect, &user = PROPID_nanoRTMPUsername;
    f.options->SetChunkSize(4096);
    f.options->SetUsername(L"user");
    f.options->SetReconnectUnlimited(TRUE);
    for (int type : { int(VT_EMPTY), int(VT_NULL), int(VT_DISPATCH), int(VT_UNKNOWN), int(VT_ERROR), int(VT_DATE), int(VT_VARIANT), VT_BYREF | VT_VARIANT, VT_ARRAY | VT_I4, int(VT_CLSID), 999 })
        for (const GUID *property : { &size, &unlimited, &user }) {
            HRESULT hr = give<LONGLONG>(f, *property, type, &VARIANT::llVal, 0);
            CHECK(hr == E_INVALIDARG && !errorText().empty(), "type %d is refused, with words: %s", type, hrName(hr).c_str());
        }
    CHECK_HR(give<ULONG>(f, size, VT_UI4, &VARIANT::ulVal, 0xffffffff), E_INVALIDARG);
    CHECK_HR(give<LONGLONG>(f, size, VT_I8, &VARIANT::llVal, 1LL << 40), E_INVALIDARG);
    CHECK_HR(give<DOUBLE>(f, size, VT_R8, &VARIANT::dblVal, 1e300), E_INVALIDARG);
    CHECK_HR(give<LONG>(f, size, VT_I4, &VARIANT::lVal, 127), E_INVALIDARG);
    CHECK(errorText().find(L"chunk-size") != std::wstring::npos, "the words name the option");
    CHECK_HR(give<VARIANT_BOOL>(f, size, VT_BOOL, &VARIANT::boolVal, VARIANT_TRUE), E_INVALIDARG);
    CHECK_HR(give<VARIANT_BOOL>(f, user, VT_BOOL, &VARIANT::boolVal, VARIANT_TRUE), E_INVALIDARG);
    CHECK_HR(give<LONG *>(f, size, VT_I4 | VT_BYREF, &VARIANT::plVal, nullptr), E_INVALIDARG);
    CHECK_HR(giveText(f, size, L"many"), E_INVALIDARG);
    CHECK_HR(giveText(f, unlimited, L"perhaps"), E_INVALIDARG);
    CHECK_HR(giveText(f, user, std::wstring(70000, L'u').c_str()), E_INVALIDARG);
    Variant cut;
    cut.vt = VT_BSTR, cut.bstrVal = SysAllocStringLen(L"us\0er", 5);
    CHECK_HR(f.codec->SetValue(&user, &cut), E_INVALIDARG);
    CHECK(number(f, "chunk-size") == 4096 && number(f, "reconnect-unlimited") == 1 && f.text("username") == L"user", "nothing of it changed anything");
}

void propertyNulls()
{
    Filter f;
    const GUID *property = options[0].property;
    Variant a, b, c;
    Variant one(LONG(1));
    VARIANT *list = nullptr;
    GUID *changed = nullptr;
    ULONG count = 0;
    CHECK_HR(f.codec->IsSupported(nullptr), E_POINTER);
    CHECK_HR(f.codec->IsModifiable(nullptr), E_POINTER);
    CHECK_HR(f.codec->GetParameterRange(nullptr, &a, &b, &c), E_POINTER);
    CHECK_HR(f.codec->GetParameterRange(property, nullptr, &b, &c), E_POINTER);
    CHECK_HR(f.codec->GetParameterRange(property, &a, nullptr, &c), E_POINTER);
    CHECK_HR(f.codec->GetParameterRange(property, &a, &b, nullptr), E_POINTER);
    CHECK_HR(f.codec->GetParameterValues(nullptr, &list, &count), E_POINTER);
    CHECK_HR(f.codec->GetParameterValues(property, nullptr, &count), E_POINTER);
    CHECK_HR(f.codec->GetParameterValues(property, &list, nullptr), E_POINTER);
    CHECK_HR(f.codec->GetDefaultValue(nullptr, &a), E_POINTER);
    CHECK_HR(f.codec->GetDefaultValue(property, nullptr), E_POINTER);
    CHECK_HR(f.codec->GetValue(nullptr, &a), E_POINTER);
    CHECK_HR(f.codec->GetValue(property, nullptr), E_POINTER);
    CHECK_HR(f.codec->SetValue(nullptr, &one), E_POINTER);
    CHECK_HR(f.codec->SetValue(property, nullptr), E_POINTER);
    CHECK_HR(f.codec->RegisterForEvent(nullptr, 0), E_POINTER);
    CHECK_HR(f.codec->UnregisterForEvent(nullptr), E_POINTER);
    CHECK_HR(f.codec->SetValueWithNotify(property, &one, nullptr, &count), E_POINTER);
    CHECK_HR(f.codec->SetValueWithNotify(property, &one, &changed, nullptr), E_POINTER);
    CHECK_HR(f.codec->SetValueWithNotify(nullptr, &one, &changed, &count), E_POINTER);
    CHECK_HR(f.codec->SetAllDefaultsWithNotify(nullptr, nullptr), E_POINTER);
    CHECK_HR(f.codec->GetAllSettings(nullptr), E_POINTER);
    CHECK_HR(f.codec->SetAllSettings(nullptr), E_POINTER);
    CHECK_HR(f.codec->SetAllSettingsWithNotify(nullptr, &changed, &count), E_POINTER);
    CHECK(!changed && !count, "no list comes with an error");
}

// listed tells whether a list of changes is just these, and frees it.
static bool listed(GUID *changed, ULONG count, std::initializer_list<const GUID *> want)
{
    bool all = count == want.size() && !changed == !count;
    for (const GUID *w : want) {
        bool found = false;
        for (ULONG i = 0; i < count; i++)
            found = found || changed[i] == *w;
        all = all && found;
    }
    CoTaskMemFree(changed);
    return all;
}

void changedLists()
{
    Filter f;
    GUID *changed = nullptr;
    ULONG count = 0;
    Variant size(LONG(4096)), wrong(LONG(1));
    CHECK_HR(f.codec->SetValueWithNotify(&PROPID_nanoRTMPChunkSize, &size, &changed, &count), S_OK);
    CHECK(listed(changed, count, { &PROPID_nanoRTMPChunkSize }), "the new value is a change");
    CHECK_HR(f.codec->SetValueWithNotify(&PROPID_nanoRTMPChunkSize, &size, &changed, &count), S_OK);
    CHECK(listed(changed, count, {}), "the same again is none");
    CHECK_HR(f.codec->SetValueWithNotify(&PROPID_nanoRTMPChunkSize, &wrong, &changed, &count), E_INVALIDARG);
    CHECK(listed(changed, count, {}), "an error is none");
    f.options->SetPassword(L"word");
    f.options->SetUrl(L"rtmp://127.0.0.1/live+s");
    CHECK_HR(f.codec->SetAllDefaultsWithNotify(&changed, &count), S_OK);
    CHECK(listed(changed, count, { &PROPID_nanoRTMPChunkSize, &PROPID_nanoRTMPPassword, &PROPID_nanoRTMPUrl }), "three went back to their defaults");
    for (auto &o : options) {
        Variant now, standard;
        f.codec->GetValue(o.property, &now);
        f.codec->GetDefaultValue(o.property, &standard);
        QUIET(o.kind == Kind::text ? !wcscmp(now.bstrVal, standard.bstrVal) : numberOf(now) == numberOf(standard), "%s has its default", o.name);
    }
    f.options->SetTrace(3);
    CHECK_HR(f.codec->SetAllDefaults(), S_OK);
    CHECK_EQ(number(f, "trace"), 0);
}

void settings()
{
    Filter f, other;
    IStream *stream = nullptr;
    GUID *changed = nullptr;
    ULONG count = 0;
    if (CreateStreamOnHGlobal(nullptr, TRUE, &stream) != S_OK)
        return;
    f.options->SetChunkSize(4096);
    f.options->SetTcpNoDelay(TRUE);
    f.options->SetUsername(L"user");
    CHECK_HR(f.codec->GetAllSettings(stream), S_OK);
    stream->Seek({}, STREAM_SEEK_SET, nullptr);
    CHECK_HR(other.codec->SetAllSettingsWithNotify(stream, &changed, &count), S_OK);
    CHECK(listed(changed, count, { &PROPID_nanoRTMPChunkSize, &PROPID_nanoRTMPTcpNoDelay, &PROPID_nanoRTMPUsername }), "what was saved is loaded");
    CHECK(number(other, "chunk-size") == 4096 && number(other, "tcp-no-delay") == 1 && other.text("username") == L"user", "with its values");
    stream->Seek({}, STREAM_SEEK_SET, nullptr);
    CHECK_HR(other.codec->SetAllSettings(stream), S_OK);
    stream->Release();
    CreateStreamOnHGlobal(nullptr, TRUE, &stream);
    stream->Write("no settings at all, and long enough to be some", 46, nullptr);
    stream->Seek({}, STREAM_SEEK_SET, nullptr);
    HRESULT hr = other.codec->SetAllSettings(stream);
    CHECK(FAILED(hr) && number(other, "chunk-size") == 4096, "what is no settings is refused: %s", hrName(hr).c_str());
    stream->Release();
}
