// abilibrary.cpp: the type library in the filter has every method where the header
// has it.
#include "abi.h"

// path is the filter that the program was given, or the one that is registered.
static std::wstring path()
{
    WCHAR text[MAX_PATH] = L"";
    DWORD size = sizeof text;
    if (!checkRun.ax.empty())
        return wide(checkRun.ax);
    RegGetValueW(HKEY_CLASSES_ROOT, L"CLSID\\{B4FB59C5-983B-4D96-9204-F8B0E46704EE}\\InprocServer32", nullptr, RRF_RT_REG_SZ, nullptr, text, &size);
    return text;
}

// slots looks up each name at its place in the vtable.
static void slots(ITypeLib *from, const IID &iid, const char *name, const std::vector<std::string> &methods)
{
    ITypeInfo *info = nullptr;
    TYPEATTR *attributes = nullptr;
    CHECK(from->GetTypeInfoOfGuid(iid, &info) == S_OK, "the type library has %s", name);
    if (!info || info->GetTypeAttr(&attributes) != S_OK)
        return;
    CHECK(attributes->cFuncs == methods.size(), "%s has %d methods: %d", name, int(methods.size()), attributes->cFuncs);
    CHECK_EQ(attributes->cbSizeVft, (3 + methods.size()) * sizeof(void *));
    for (size_t i = 0; i < methods.size() && i < attributes->cFuncs; i++) {
        FUNCDESC *method = nullptr;
        BSTR text = nullptr;
        if (info->GetFuncDesc(i, &method) != S_OK)
            continue;
        info->GetDocumentation(method->memid, &text, nullptr, nullptr, nullptr);
        std::string got = narrow(text);
        CHECK(got == methods[i] && size_t(method->oVft) == (3 + i) * sizeof(void *) && method->callconv == CC_STDCALL, "slot %d of %s is %s: %s at byte %d", int(3 + i), name,
            methods[i].c_str(), got.c_str(), method->oVft);
        SysFreeString(text);
        info->ReleaseFuncDesc(method);
    }
    info->ReleaseTypeAttr(attributes);
    info->Release();
}

// structure compares the offsets of the statistics with the compiler's.
static void structure(ITypeLib *from)
{
    OLECHAR name[] = L"rtmp_writer_stats_t";
    ITypeInfo *info = nullptr;
    MEMBERID id = 0;
    USHORT found = 1;
    TYPEATTR *attributes = nullptr;
    CHECK(from->FindName(name, 0, &info, &id, &found) == S_OK && found == 1, "the type library has rtmp_writer_stats_t");
    if (!info || !found || info->GetTypeAttr(&attributes) != S_OK)
        return;
    static const size_t offsets[] = {
#define AT(field) offsetof(rtmp_writer_stats_t, field)
        AT(output_buffer_size), AT(output_buffer_fillness), AT(output_bitrate), AT(output_bitrate2), AT(output_bitrate3), AT(packetsRtt), AT(clientBytesReceived),
        AT(audio_packets_buffered), AT(video_packets_buffered), AT(audio_bitrate), AT(video_bitrate), AT(audio_packets_sent), AT(video_packets_sent),
    };
    CHECK_EQ(attributes->cVars, std::size(offsets));
    CHECK_EQ(attributes->cbSizeInstance, sizeof(rtmp_writer_stats_t));
    for (size_t i = 0; i < std::size(offsets) && i < attributes->cVars; i++) {
        VARDESC *field = nullptr;
        if (info->GetVarDesc(i, &field) != S_OK)
            continue;
        CHECK_EQ(field->oInst, offsets[i]);
        info->ReleaseVarDesc(field);
    }
    info->ReleaseTypeAttr(attributes);
    info->Release();
}

void library()
{
    ITypeLib *from = nullptr;
    HRESULT hr = LoadTypeLibEx(path().c_str(), REGKIND_NONE, &from);
    CHECK(hr == S_OK && from, "LoadTypeLibEx(%ls): %s", path().c_str(), hrName(hr).c_str());
    if (!from)
        return;
    TLIBATTR *attributes = nullptr;
    if (from->GetLibAttr(&attributes) == S_OK) {
        CHECK_EQ(attributes->syskind, sizeof(void *) == 8 ? SYS_WIN64 : SYS_WIN32);
        CHECK_EQ(attributes->wMajorVerNum, 1);
        from->ReleaseTLibAttr(attributes);
    }
    std::vector<std::string> methods = { "ConnectServer", "BeginConnectServer", "Disconnect", "ReconnectNow", "GetStatus", "GetStatistics", "GetLastErrorText", "SetOption",
        "GetOption" };
    for (auto &o : options) {
        methods.push_back(std::string("Set") + o.method);
        methods.push_back(std::string("Get") + o.method);
    }
    slots(from, IID_IRTMPOptions, "IRTMPOptions", methods);
    slots(from, IID_IRTMPStatusNotify, "IRTMPStatusNotify", { "SetStatusNotifyHandler" });
    slots(from, IID_IRTMPMetadataSink, "IRTMPMetadataSink", { "SendMetadata", "SendCommand" });
    structure(from);
    from->Release();
}
