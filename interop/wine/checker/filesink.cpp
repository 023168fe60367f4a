// filesink: the URL (104 to 110). The URL is that of a server that takes
// everything, with a slash behind it.
#include "stream.h"

namespace filesink {

// Named is a filter and its IFileSinkFilter.
struct Named {
    IBaseFilter *filter = newFilter();
    IFileSinkFilter *sink = query<IFileSinkFilter>(filter);
    ~Named()
    {
        sink->Release();
        QUIET(filter->Release() == 0, "the filter's last Release");
    }
    // name is what GetCurFile gives; "NULL" for none.
    std::string name()
    {
        LPOLESTR text = nullptr;
        HRESULT hr = sink->GetCurFile(&text, nullptr);
        QUIET(hr == S_OK, "GetCurFile: %s", hrName(hr).c_str());
        std::string copy = narrow(text);
        CoTaskMemFree(text);
        return copy;
    }
};

static const WCHAR one[] = L"rtmp://127.0.0.1/live+one", other[] = L"rtmp://127.0.0.1:1936/app?x=1+mp4:other";

static void kept()
{
    Named n;
    WCHAR buffer[200];
    lstrcpyW(buffer, other);
    CHECK_HR(n.sink->SetFileName(buffer, nullptr), S_OK);
    memset(buffer, 0x55, sizeof buffer);
    CHECK(n.name() == narrow(other), "GetCurFile gives the same string: %s", n.name().c_str());
    LPOLESTR a = nullptr, b = nullptr;
    AM_MEDIA_TYPE type;
    memset(&type, 0x55, sizeof type);
    CHECK_HR(n.sink->GetCurFile(&a, &type), S_OK);
    CHECK_HR(n.sink->GetCurFile(&b, nullptr), S_OK);
    CHECK(a && b && a != b, "fresh memory each time");
    CHECK(type.majortype == GUID_NULL && !type.pbFormat, "no media type");
    CoTaskMemFree(a);
    CHECK(b && !lstrcmpW(b, other), "the second is untouched by the first one's end");
    CoTaskMemFree(b);
    AM_MEDIA_TYPE given = videoType();
    CHECK_HR(n.sink->SetFileName(one, &given), S_OK); // the type says nothing here
    CHECK(n.name() == narrow(one), "with a media type given too");
}

static void before()
{
    Named n;
    CHECK(n.name() == "NULL" || n.name().empty(), "no name at first: %s", n.name().c_str());
    LPOLESTR text = (LPOLESTR)0x1234;
    AM_MEDIA_TYPE type;
    memset(&type, 0x55, sizeof type);
    CHECK_HR(n.sink->GetCurFile(&text, &type), S_OK);
    CHECK(type.majortype == GUID_NULL && !type.pbFormat && !type.cbFormat, "no media type");
    CoTaskMemFree(text);
}

static void pointers()
{
    Named n;
    AM_MEDIA_TYPE type = {};
    CHECK_HR(n.sink->SetFileName(nullptr, nullptr), E_POINTER);
    CHECK_HR(n.sink->GetCurFile(nullptr, &type), E_POINTER);
    CHECK_HR(n.sink->GetCurFile(nullptr, nullptr), E_POINTER);
    CHECK_HR(n.sink->SetFileName(one, nullptr), S_OK);
    CHECK_HR(n.sink->SetFileName(nullptr, nullptr), E_POINTER);
    CHECK(n.name() == narrow(one), "the name is as it was");
    CHECK_HR(n.sink->SetFileName(other, nullptr), S_OK);
    CHECK(n.name() == narrow(other), "a second name replaces the first");
}

static void running()
{
    Stream s(at("live", "sink107"));
    s.run();
    s.connected();
    auto sink = query<IFileSinkFilter>(s.rig.filter);
    HRESULT hr = sink->SetFileName(wide(at("live", "sink107next")).c_str(), nullptr);
    CHECK(hr == VFW_E_WRONG_STATE || hr == VFW_E_NOT_STOPPED || SUCCEEDED(hr), "refused or kept: %s", hrName(hr).c_str());
    CHECK(s.feed(0, 25), "the stream goes on");
    CHECK(s.quiet(statusEvent, 500), "its connection stays");
    s.stop();
    int times = s.times(RTMPWriterConnected);
    CHECK_EQ(times, 1);
    s.run();
    CHECK(s.reached(RTMPWriterConnected, 2, soon), "the next run connects");
    CHECK(s.feed(0, 25), "samples are taken");
    say("next %s", SUCCEEDED(hr) ? "sink107next" : "sink107");
    s.stop();
    sink->Release();
}

// outcome tries to publish to a URL: refused, failed or connected.
static std::string outcome(const std::wstring &url)
{
    Stream s("");
    auto sink = query<IFileSinkFilter>(s.rig.filter);
    HRESULT hr = sink->SetFileName(url.c_str(), nullptr);
    sink->Release();
    if (FAILED(hr))
        return "refused";
    if (FAILED(s.run()))
        return "refused by Run";
    s.feed(0, 3);
    DWORD began = GetTickCount();
    while (GetTickCount() - began < 11000) {
        if (s.times(RTMPWriterConnected))
            return "connected";
        if (s.graph.count(EC_ERRORABORT) || s.times(RTMPWriterDisconnected))
            return "failed";
        Sleep(10);
    }
    return "silent";
}

static void bad()
{
    limit(60);
    std::wstring server = wide(checkURL()), host = server.substr(0, server.rfind(L':')), many(20000, L'x');
    const std::wstring hostless = server.substr(7, server.size() - 8);
    struct { const char *what; std::wstring url; } all[] = {
        { "empty", L"" }, { "a space", L" " }, { "no scheme", hostless + L"/live+x" }, { "http", L"http://" + hostless + L"/live+x" },
        { "no path", server.substr(0, server.size() - 1) }, { "a slash", server }, { "port 0", host + L":0/live+x" },
        { "port 99999", host + L":99999/live+x" }, { "port abc", host + L":abc/live+x" }, { "port -1", host + L":-1/live+x" },
        { "a host of 20000 characters", L"rtmp://" + many + L"/live+x" }, { "a scheme of 20000", many },
        { "a host that is not ASCII", L"rtmp://\x4f8b\x3048.invalid/live+x" }, { "half a surrogate pair", L"rtmp://\xd800.invalid/live+x" },
        { "no stream name", server + L"live" }, { "an empty stream name", server + L"live+" }, { "no application", server + L"+x" },
        { "a drive", L"C:\\clip.flv" }, { "a newline", L"rtmp://127.0.0.1\r\n/live+x" }, { "percent", L"rtmp://%00%ff/live+x" }, { "brackets", L"rtmp://[::1/live+x" },
    };
    for (auto &u : all) {
        item(108);
        std::string got = outcome(u.url);
        CHECK(got == "refused" || got == "refused by Run" || got == "failed", "%s: %s", u.what, got.c_str());
    }
}

// unusual are URLs that a strict filter may refuse; one that takes them must
// publish what they say, which the Go test looks at.
static void unusual()
{
    limit(60);
    std::wstring server = wide(checkURL()), many(20000, L'x');
    struct { const char *name; std::wstring url; } all[] = {
        { "plus", server + L"live+a+b" }, { "long", server + L"live+" + many }, { "ascii", server + L"live+stra\xdf" L"e\x20ac\xd83c\xdfa5" },
        { "slashes", server + L"live/instance/name" }, { "short", L"rtmp:" + server.substr(7) + L"live+short" },
        { "query", server + L"live?token=a&b=c+query" }, { "prefix", server + L"liverec+mp4:sample.mp4" },
    };
    for (auto &u : all) {
        item(108);
        std::string got = outcome(u.url);
        CHECK(got != "silent", "%s: %s", u.name, got.c_str());
        say("unusual %s %s", u.name, got.c_str());
    }
}

static void none()
{
    Stream s("");
    Timed call;
    HRESULT hr = s.run();
    CHECK_BETWEEN(call.ms(), 0, 2000);
    Timed given;
    for (long n = 0; n < 50; n++)
        s.video(n), s.audio(n);
    CHECK_BETWEEN(given.ms(), 0, 5000);
    Sleep(500);
    CHECK_EQ(s.times(RTMPWriterConnected), 0);
    CHECK(FAILED(hr) || s.graph.count(-1) == 0 || s.graph.count(EC_ERRORABORT), "Run fails (%s), or what comes is discarded", hrName(hr).c_str());
    Timed stop;
    CHECK_HR(s.stop(), S_OK);
    CHECK_BETWEEN(stop.ms(), 0, 2000);
    CHECK_HR(setURL(s.rig.filter, at("live", "sink109").c_str()), S_OK);
    CHECK_HR_OF(s.run(), S_OK, S_FALSE);
    CHECK(s.connected(), "with a URL it works");
}

static void split()
{
    Stream s(at("live", "sink110"));
    s.run();
    CHECK(s.connected(), "it connects");
    CHECK(s.feed(0, 25), "samples are taken");
    s.endAll();
    s.graph.wait(EC_COMPLETE, 1, soon);
    s.stop();
    say("split sink110");
}

static const Section all[] = {
    { 104, "SetFileName, GetCurFile", kept },
    { 105, "no name yet", before },
    { 106, "NULL, and a second name", pointers },
    { 107, "SetFileName while running", running },
    { 108, "bad URLs", bad },
    { 108, "unusual URLs", unusual },
    { 109, "no URL", none },
    { 110, "application and stream", split },
};

} // namespace filesink

static const Program filesinkProgram("filesink", filesink::all, std::size(filesink::all));
