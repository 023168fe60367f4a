// abi.cpp: the methods of IRTMPOptions: every pair with every kind of value, what
// they refuse and how, and that secrets stay in.
//
//     abi.exe [PATH.ax] [NUMBER…]     PATH.ax: whose type library is looked at, else the registered one's
#define INITGUID
#include "abi.h"

Filter::Filter()
{
    HRESULT hr = CoCreateInstance(CLSID_NANO_RTMP_WRITER, nullptr, CLSCTX_INPROC_SERVER, IID_IBaseFilter, (void **)&filter);
    if (hr == S_OK)
        hr = filter->QueryInterface(IID_IRTMPOptions, (void **)&options);
    if (hr == S_OK)
        hr = filter->QueryInterface(IID_ICodecAPI, (void **)&codec);
    if (hr == S_OK)
        return;
    CHECK(false, "a filter with IRTMPOptions and ICodecAPI: %s", hrName(hr).c_str());
    say("%s: %d passed, %d failed", checkRun.name, checkRun.passed, checkRun.failed);
    TerminateProcess(GetCurrentProcess(), 1);
}

Filter::~Filter()
{
    codec->Release();
    options->Release();
    QUIET(filter->Release() == 0, "the filter's last Release gives 0");
}

HRESULT Filter::get(const Option &o, LONG *value) const
{
    BOOL on = 7;
    if (o.kind != Kind::onOff)
        return (options->*o.getLong)(value);
    HRESULT hr = (options->*o.getBool)(&on);
    *value = on;
    return hr;
}

HRESULT Filter::set(const Option &o, LONG value) const
{
    return o.kind == Kind::onOff ? (options->*o.setBool)(value) : (options->*o.setLong)(value);
}

static std::wstring taken(HRESULT hr, LPWSTR text)
{
    std::wstring out = hr == S_OK && text ? text : L"(" + wide(hrName(hr)) + L")";
    CoTaskMemFree(text);
    return out;
}

std::wstring Filter::text(const Option &o) const
{
    LPWSTR text = nullptr;
    HRESULT hr = (options->*o.getText)(&text);
    return taken(hr, text);
}

std::wstring Filter::text(const char *name) const
{
    LPWSTR text = nullptr;
    HRESULT hr = options->GetOption(wide(name).c_str(), &text);
    return taken(hr, text);
}

HRESULT Filter::set(const char *name, const WCHAR *value) const { return options->SetOption(wide(name).c_str(), value); }

std::wstring errorText()
{
    IErrorInfo *info = nullptr;
    BSTR text = nullptr;
    std::wstring out;
    if (GetErrorInfo(0, &info) != S_OK)
        return out;
    if (info->GetDescription(&text) == S_OK && text)
        out = text;
    SysFreeString(text);
    info->Release();
    return out;
}

// The numbers are what programs were compiled with.
void layout()
{
    const bool x64 = sizeof(void *) == 8;
    CHECK_EQ(sizeof(rtmp_writer_stats_t), x64 ? 72 : 64);
#define AT(field, x86at, x64at) \
    static_assert(offsetof(rtmp_writer_stats_t, field) == (sizeof(void *) == 8 ? x64at : x86at), #field); \
    CHECK_EQ(offsetof(rtmp_writer_stats_t, field), x64 ? x64at : x86at)
    AT(output_buffer_size, 0, 0);
    AT(output_buffer_fillness, 4, 4);
    AT(output_bitrate, 8, 8);
    AT(output_bitrate2, 16, 16);
    AT(output_bitrate3, 24, 24);
    AT(packetsRtt, 32, 32);
    AT(clientBytesReceived, 36, 36);
    AT(audio_packets_buffered, 40, 40);
    AT(video_packets_buffered, 44, 48);
    AT(audio_bitrate, 48, 56);
    AT(video_bitrate, 52, 60);
    AT(audio_packets_sent, 56, 64);
    AT(video_packets_sent, 60, 68);
    CHECK_EQ(EC_NANO_RTMP_WRITER_STATUS, EC_USER + 181);
    CHECK_EQ(EC_NANO_RTMP_WRITER_STATS, EC_USER + 179);
    CHECK_EQ(RTMPWriterConnected, 0);
    CHECK_EQ(RTMPWriterDisconnected, 1);
    CHECK_EQ(RTMPWriterReconnecting, 2);
    CHECK(__uuidof(IRTMPOptions) == IID_IRTMPOptions, "__uuidof(IRTMPOptions)");
}

// orZero tells an option that takes 0 beside its range.
static bool orZero(const Option &o)
{
    return !strcmp(o.name, "peer-timeout") || !strcmp(o.name, "catch-up-rate");
}

// values are some that the option takes, its bounds among them.
static std::vector<LONG> values(const Option &o)
{
    std::vector<LONG> all = { o.low, o.low + (o.high - o.low) / 2, o.high, o.standard };
    if (orZero(o))
        all.push_back(0);
    if (o.kind == Kind::choice)
        for (LONG n = 0; n <= o.high; n++)
            all.push_back(n);
    return all;
}

void roundTrips()
{
    for (auto &o : options) {
        Filter f;
        if (o.kind == Kind::text) {
            CHECK(f.text(o) == o.standardText, "Get%s of a new filter is %ls: %ls", o.method, o.standardText, f.text(o).c_str());
            HRESULT hr = (f.options->*o.setText)(o.sample);
            CHECK(hr == S_OK, "Set%s(%ls): %s", o.method, o.sample, hrName(hr).c_str());
            CHECK(f.text(o) == o.shown, "Get%s is %ls: %ls", o.method, o.shown, f.text(o).c_str());
            if (!o.standardText[0])
                CHECK((f.options->*o.setText)(L"") == S_OK && f.text(o).empty(), "Set%s of an empty text", o.method);
            continue;
        }
        LONG value = -7;
        CHECK(f.get(o, &value) == S_OK && value == o.standard, "Get%s of a new filter is %ld: %ld", o.method, o.standard, value);
        for (LONG want : values(o)) {
            HRESULT hr = f.set(o, want);
            CHECK(hr == S_OK && f.get(o, &value) == S_OK && value == want, "Set%s(%ld): %s, Get is %ld", o.method, want, hrName(hr).c_str(), value);
        }
    }
    Filter f;
    LONG value = 0;
    const Option &o = optionNamed("tcp-no-delay");
    CHECK(f.set(o, -1) == S_OK && f.get(o, &value) == S_OK && value == TRUE, "VARIANT_TRUE as a BOOL is TRUE");
}

// refused checks that a value was refused, with words, and changed nothing.
static void refused(const Option &o, HRESULT hr, bool same)
{
    std::wstring words = errorText();
    CHECK(hr == RTMP_E_OPTION && same, "%s refuses: %s", o.name, hrName(hr).c_str());
    CHECK(words.find(wide(o.name)) != words.npos || words.find(L"URL") != words.npos, "IErrorInfo names %s: %ls", o.name, words.c_str());
}

void refusals()
{
    for (auto &o : options) {
        Filter f;
        if (o.kind == Kind::onOff || (o.kind == Kind::text && !o.refused))
            continue;
        if (o.kind == Kind::text) {
            (f.options->*o.setText)(o.sample);
            HRESULT hr = (f.options->*o.setText)(o.refused);
            refused(o, hr, f.text(o) == o.shown);
            continue;
        }
        f.set(o, o.high);
        for (long long wrong : { o.low - 1LL, o.high + 1LL, -1LL, -2147483648LL, 2147483647LL }) {
            LONG value = 0;
            if ((wrong >= o.low && wrong <= o.high) || wrong > 2147483647LL || wrong < -2147483648LL || (!wrong && orZero(o)))
                continue;
            HRESULT hr = f.set(o, LONG(wrong));
            refused(o, hr, f.get(o, &value) == S_OK && value == o.high);
        }
    }
    Filter f;
    ISupportErrorInfo *supports = nullptr;
    CHECK_HR(f.filter->QueryInterface(IID_ISupportErrorInfo, (void **)&supports), S_OK);
    if (!supports)
        return;
    for (const IID *iid : { &IID_IRTMPOptions, &IID_IRTMPMetadataSink, &IID_ICodecAPI, &IID_IFileSinkFilter })
        CHECK_HR(supports->InterfaceSupportsErrorInfo(*iid), S_OK);
    CHECK_HR(supports->InterfaceSupportsErrorInfo(IID_IBaseFilter), S_FALSE);
    supports->Release();
}

void byName()
{
    Filter f;
    CHECK_HR(f.set("chunk-size", L"4096"), S_OK);
    CHECK(f.text("chunk-size") == L"4096", "chunk-size is 4096");
    CHECK_HR(f.set("tcp-no-delay", L"on"), S_OK);
    CHECK(f.text("tcp-no-delay") == L"on", "tcp-no-delay is on");
    CHECK_HR(f.set("publish-mode", L"record"), S_OK);
    LONG mode = 0;
    CHECK(f.options->GetPublishMode(&mode) == S_OK && mode == RTMPPublishModeRecord, "publish-mode is 1");
    CHECK_HR(f.set("publish-mode", L"pause"), RTMP_E_OPTION);
    CHECK(errorText().find(L"record") != std::wstring::npos, "IErrorInfo says what is allowed");
    CHECK_HR(f.set("no-such-option", L"1"), RTMP_E_OPTION);
    CHECK(errorText().find(L"no-such-option") != std::wstring::npos, "IErrorInfo names it");
    CHECK_HR(f.set("", L""), RTMP_E_OPTION);
    LPWSTR text = nullptr;
    CHECK_HR(f.options->GetOption(L"no-such-option", &text), RTMP_E_OPTION);
    CHECK(!text, "no text comes with an error");
    for (auto &o : options)
        QUIET(f.text(o.name)[0] != L'(' || !strcmp(o.name, "("), "GetOption knows %s", o.name);
}

void nullPointers()
{
    Filter f;
    for (auto &o : options) {
        HRESULT get = o.kind == Kind::text ? (f.options->*o.getText)(nullptr) : o.kind == Kind::onOff ? (f.options->*o.getBool)(nullptr) : (f.options->*o.getLong)(nullptr);
        CHECK(get == E_POINTER, "Get%s(NULL): %s", o.method, hrName(get).c_str());
        if (o.kind == Kind::text)
            CHECK((f.options->*o.setText)(nullptr) == E_POINTER, "Set%s(NULL)", o.method);
    }
    LPWSTR text = nullptr;
    CHECK_HR(f.options->SetOption(nullptr, L"1"), E_POINTER);
    CHECK_HR(f.options->SetOption(L"trace", nullptr), E_POINTER);
    CHECK_HR(f.options->GetOption(nullptr, &text), E_POINTER);
    CHECK_HR(f.options->GetOption(L"trace", nullptr), E_POINTER);
    CHECK_HR(f.options->GetStatus(nullptr), E_POINTER);
    CHECK_HR(f.options->GetStatistics(nullptr), E_POINTER);
    CHECK_HR(f.options->GetLastErrorText(nullptr), E_POINTER);
    f.set("trace", L"no number");
    f.options->GetStatus(nullptr);
    CHECK(errorText().empty(), "E_POINTER does not come with an older text");
}

void longTexts()
{
    Filter f;
    const std::wstring longest(65535, L'a'), longer(65536, L'a'), name(70000, L'n');
    CHECK_HR(f.options->SetUsername(longest.c_str()), S_OK);
    CHECK(f.text(optionNamed("username")) == longest, "65535 characters come back");
    CHECK_HR(f.options->SetUsername(longer.c_str()), E_INVALIDARG);
    CHECK_HR(f.options->SetOption(L"username", longer.c_str()), E_INVALIDARG);
    CHECK_HR(f.options->SetOption(name.c_str(), L"1"), E_INVALIDARG);
    CHECK(f.text(optionNamed("username")) == longest, "what was refused changed nothing");
    const WCHAR halves[] = { 0xd83d, 0, 0 }; // half of a pair
    CHECK_HR(f.options->SetUsername(halves), S_OK);
    CHECK_HR(f.options->SetUsername(L"\U0001f600"), S_OK);
    CHECK(f.text(optionNamed("username")) == L"\U0001f600", "characters beyond 16 bits come back");
}

void secretsStay()
{
    Filter f;
    const std::wstring secret = L"s3cret";
    CHECK_HR(f.options->SetUrl(L"rtmp://user:pw-s3cret@127.0.0.1/live+pw-s3cret"), S_OK);
    CHECK_HR(f.options->SetPassword(L"pw-s3cret"), S_OK);
    CHECK_HR(f.options->SetBackupUrls(L"rtmp://user:pw-s3cret@127.0.0.1/live+pw-s3cret"), S_OK);
    CHECK_HR(f.options->SetConnectInfo(L"{\"token\":\"pw-s3cret\"}"), S_OK);
    CHECK_HR(f.options->SetProxy(L"socks5://user:pw-s3cret@127.0.0.1:1080"), S_OK);
    CHECK(f.text(optionNamed("url")).find(secret) != std::wstring::npos, "GetUrl gives the url whole");
    for (int round = 0; round < 2; round++) {
        for (auto &o : options) {
            Variant value, standard;
            QUIET(f.codec->GetValue(o.property, &value) == S_OK && f.codec->GetDefaultValue(o.property, &standard) == S_OK, "the values of %s", o.name);
            if (o.kind != Kind::text)
                continue;
            if (strcmp(o.name, "url"))
                CHECK(f.text(o).find(secret) == std::wstring::npos, "Get%s hides it: %ls", o.method, f.text(o).c_str());
            CHECK(f.text(o.name).find(secret) == std::wstring::npos, "GetOption(%s) hides it: %ls", o.name, f.text(o.name).c_str());
            CHECK(std::wstring(value.bstrVal).find(secret) == std::wstring::npos, "GetValue of %s hides it: %ls", o.name, value.bstrVal);
            CHECK(std::wstring(standard.bstrVal).find(secret) == std::wstring::npos, "GetDefaultValue of %s hides it", o.name);
        }
        CHECK_HR(f.options->SetUrl(L"rtmp://127.0.0.1/live"), S_OK); // and once more with the key apart
        CHECK_HR(f.options->SetStreamKey(L"pw-s3cret"), S_OK);
    }
    for (auto name : { "url", "proxy", "connect-info" }) {
        CHECK_HR(f.set(name, L"ftp://user:pw-s3cret@127.0.0.1:99999"), RTMP_E_OPTION);
        std::wstring words = errorText();
        CHECK(!words.empty() && words.find(secret) == std::wstring::npos, "the error of %s hides it: %ls", name, words.c_str());
    }
}

// Silent takes connections and says nothing.
struct Silent {
    SOCKET listener;
    std::wstring url;
    Silent()
    {
        WSADATA data;
        sockaddr_in at = {};
        int size = sizeof at;
        WSAStartup(0x202, &data);
        listener = socket(AF_INET, SOCK_STREAM, 0);
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        bind(listener, (sockaddr *)&at, size);
        getsockname(listener, (sockaddr *)&at, &size);
        listen(listener, 5);
        url = L"rtmp://127.0.0.1:" + std::to_wstring(ntohs(at.sin_port)) + L"/live+s";
    }
    ~Silent() { closesocket(listener); }
};

void whileConnecting()
{
    Silent server;
    Filter f;
    const GUID *property = &PROPID_nanoRTMPChunkSize;
    CHECK_HR(f.options->SetUrl(server.url.c_str()), S_OK);
    CHECK_HR(f.codec->IsModifiable(property), S_OK);
    CHECK_HR(f.options->BeginConnectServer(), S_OK);
    Variant size(LONG(8192));
    LONG value = 0;
    CHECK_HR(f.codec->IsModifiable(property), S_FALSE);
    CHECK_HR(f.options->SetChunkSize(4096), S_FALSE);
    CHECK_HR(f.options->SetChunkSize(1), RTMP_E_OPTION);
    CHECK_HR(f.options->SetTcpNoDelay(TRUE), S_FALSE);
    CHECK_HR(f.options->SetUsername(L"somebody"), S_FALSE);
    CHECK_HR(f.options->SetOption(L"trace", L"1"), S_FALSE);
    CHECK_HR(f.codec->SetValue(property, &size), S_FALSE);
    CHECK(f.options->GetChunkSize(&value) == S_OK && value == 8192, "Get answers what was set last: %ld", value);
    CHECK_HR_OF(f.options->Disconnect(), S_OK, S_FALSE);
}

void control()
{
    Filter f;
    int status = -1;
    rtmp_writer_stats_t stats;
    memset(&stats, 0x5a, sizeof stats);
    CHECK_HR(f.options->GetStatus(&status), S_OK);
    CHECK_EQ(status, RTMPWriterDisconnected);
    CHECK_HR(f.options->GetStatistics(&stats), S_OK);
    CHECK_EQ(stats.video_packets_sent, 0);
    CHECK_EQ(stats.output_bitrate, 0);
    CHECK_HR(f.options->ReconnectNow(), S_FALSE);
    LPWSTR text = nullptr;
    HRESULT hr = f.options->GetLastErrorText(&text);
    CHECK(hr == S_OK && text && !*text, "no error yet: %s %ls", hrName(hr).c_str(), text ? text : L"NULL");
    CoTaskMemFree(text);
    CHECK_HR(f.options->ConnectServer(), RTMP_E_OPTION);
    CHECK(!errorText().empty(), "IErrorInfo says that there is no url");
    CHECK_HR(f.options->SetUrl(L"rtmp://127.0.0.1:1/live+s"), S_OK);
    CHECK_HR(f.options->ConnectServer(), RTMP_E_CONNECT);
    std::wstring words = errorText();
    text = nullptr;
    hr = f.options->GetLastErrorText(&text);
    CHECK(hr == S_OK && text && *text, "GetLastErrorText says why: %ls", text ? text : L"NULL");
    CHECK(text && words == text, "and IErrorInfo the same: %ls", words.c_str());
    CoTaskMemFree(text);
}

int main(int argc, char **argv)
{
    static const Section all[] = {
        { 201, "numbers of the header", layout },
        { 202, "type library", library },
        { 203, "every option is set and read back", roundTrips },
        { 204, "values out of range are refused", refusals },
        { 205, "options by name", byName },
        { 206, "NULL pointers", nullPointers },
        { 207, "long texts", longTexts },
        { 208, "secrets stay in", secretsStay },
        { 209, "while it connects", whileConnecting },
        { 210, "connecting and its errors", control },
        { 211, "ICodecAPI: which properties there are", propertiesKnown },
        { 212, "ICodecAPI: ranges and lists", propertyRanges },
        { 213, "ICodecAPI: values and defaults", propertyValues },
        { 214, "ICodecAPI: types that convert", convertibles },
        { 215, "ICodecAPI: values that are refused", badVariants },
        { 216, "ICodecAPI: NULL pointers", propertyNulls },
        { 217, "ICodecAPI: lists of changes", changedLists },
        { 218, "ICodecAPI: all settings in a stream", settings },
    };
    return runSections("abi", all, std::size(all), argc, argv);
}
