// pagefields.h: what the property page shows and does, for page.cpp.
#pragma once
#include "listener.h"
#include "pagerig.h"

// Options are a page's filter by its other door.
struct Options {
    IRTMPOptions *options;
    IFileSinkFilter *sink;
    explicit Options(IBaseFilter *filter)
        : options(query<IRTMPOptions>(filter)), sink(query<IFileSinkFilter>(filter))
    {
    }
    ~Options()
    {
        options->Release();
        sink->Release();
    }
    std::string url()
    {
        LPOLESTR text = nullptr;
        sink->GetCurFile(&text, nullptr);
        std::string copy = text ? narrow(text) : "";
        CoTaskMemFree(text);
        return copy;
    }
    std::string value(const WCHAR *name)
    {
        LPWSTR text = nullptr;
        options->GetOption(name, &text);
        std::string copy = text ? narrow(text) : "";
        CoTaskMemFree(text);
        return copy;
    }
};

static void shows()
{
    Apartment apartment;
    PageRig p;
    CHECK(p.shows(L"version"), "the product and its version: %s", narrow(textOf(GetWindow(p.dialog, GW_CHILD)).c_str()).c_str());
    static const struct { const WCHAR *caption, *text; } fields[] = {
        { L"RTMP url", L"" }, { L"Output buffer size", L"262144" }, { L"Output packet size", L"1450" }, { L"Socket buffer size", L"131072" },
        { L"First Timecode", L"0" }, { L"User name", L"" }, { L"Password", L"" }, { L"Attempts", L"0" }, { L"Status", L"Not Connected" },
        { L"Output buffer fillness", L"0 bytes" }, { L"Output bitrate", L"0 kbit/s" }, { L"Buffered audio packets", L"0" },
        { L"Buffered video packets", L"0" }, { L"Audio bitrate", L"0 kbit/s" }, { L"Video bitrate", L"0 kbit/s" },
    };
    for (auto &f : fields)
        CHECK(p.text(f.caption) == f.text, "%s: %s", narrow(f.caption).c_str(), narrow(p.text(f.caption).c_str()).c_str());
    CHECK(textOf(p.find(L"Output buffer size", 1)) == L"262144 bytes", "statistics: the output buffer's size");
    for (const WCHAR *name : { L"Live Mode", L"Write Timecode", L"TCP No Delay", L"Embed System Time as Timecode", L"Use Authentication", L"Reconnect without limit" })
        CHECK(!p.checked(name), "%s is off", narrow(name).c_str());
    CHECK(p.checked(L"Allow B frames"), "Allow B frames is on");
    CHECK(p.enabled(L"Connect") && !p.enabled(L"Disconnect"), "Connect can be clicked, Disconnect not");
    CHECK(p.message().empty(), "nothing is wrong");
    Options o(p.filter);
    o.options->SetTcpNoDelay(TRUE);
    setURL(p.filter, "rtmp://127.0.0.1/live+other");
    CHECK(p.pump(2500, [&] { return p.checked(L"TCP No Delay") && p.text(L"RTMP url") == L"rtmp://127.0.0.1/live+other"; }), "what is set elsewhere is shown");
    CHECK_HR(p.page->IsPageDirty(), S_FALSE);
}

static void applies()
{
    Apartment apartment;
    PageRig p;
    Options o(p.filter);
    p.type(L"RTMP url", L"rtmp://127.0.0.1/live+page");
    p.type(L"Output buffer size", L"100000");
    p.type(L"Output packet size", L"700");
    p.type(L"Socket buffer size", L"65536");
    p.type(L"First Timecode", L"01:00:00:00");
    p.type(L"User name", L"me");
    p.type(L"Password", L"sesame");
    p.type(L"Attempts", L"7");
    p.type(L"Interval", L"1234");
    for (const WCHAR *name : { L"Live Mode", L"Allow B frames", L"Write Timecode", L"TCP No Delay", L"Embed System Time as Timecode", L"Use Authentication",
             L"Reconnect without limit" })
        p.click(name);
    CHECK(o.url().empty() && o.value(L"live-mode") == "off", "nothing before Apply");
    CHECK_HR(p.page->Apply(), S_OK);
    CHECK(o.url() == "rtmp://127.0.0.1/live+page", "IFileSinkFilter has the url");
    static const struct { const WCHAR *name; const char *value; } set[] = {
        { L"output-buffer-size", "100000" }, { L"output-packet-size", "700" }, { L"socket-buffer-size", "65536" }, { L"first-timecode", "01:00:00:00" },
        { L"username", "me" }, { L"reconnect-attempts", "7" }, { L"reconnect-interval", "1234" }, { L"live-mode", "on" }, { L"allow-b-frames", "off" },
        { L"write-timecode", "on" }, { L"tcp-no-delay", "on" }, { L"embed-system-time", "on" }, { L"auth", "on" }, { L"reconnect-unlimited", "on" },
        { L"password", "****" },
    };
    for (auto &s : set)
        CHECK(o.value(s.name) == s.value, "%s = %s", narrow(s.name).c_str(), o.value(s.name).c_str());
    LONG size = 0;
    CHECK(o.options->GetOutputPacketSize(&size) == S_OK && size == 700, "IRTMPOptions::GetOutputPacketSize");
}

static void refuses()
{
    Apartment apartment;
    static const struct { const WCHAR *caption, *text, *says; } bad[] = {
        { L"Output buffer size", L"-1", L"Output buffer size: must be" }, { L"Output packet size", L"2000000", L"0 to 1048576 bytes" },
        { L"Socket buffer size", L"x", L"Socket buffer size: must be" }, { L"First Timecode", L"noon", L"First Timecode: " },
        { L"Attempts", L"99999999999999999999", L"Attempts: must be" }, { L"Interval", L"", L"Interval: must be" },
        { L"RTMP url", L"http://127.0.0.1/a/k", L"scheme \"http\" must be" }, { L"RTMP url", L"rtmp://127.0.0.1:99999/a/k", L"port \"99999\" must be" },
    };
    for (auto &b : bad) {
        item(7);
        PageRig p;
        Options o(p.filter);
        SetForegroundWindow(p.frame);
        p.click(L"TCP No Delay");
        p.type(L"User name", L"me");
        p.type(b.caption, b.text);
        CHECK_HR(p.page->Apply(), RTMP_E_OPTION);
        CHECK(p.message().find(b.says) != std::wstring::npos, "it is told: %s", narrow(p.message().c_str()).c_str());
        CHECK(o.value(L"tcp-no-delay") == "off" && o.value(L"username").empty() && o.url().empty(), "nothing is applied");
        CHECK_HR(p.page->IsPageDirty(), S_OK);
        HWND field = p.find(b.caption);
        DWORD from = 1, to = 0;
        SendMessageW(field, EM_GETSEL, (WPARAM)&from, (LPARAM)&to);
        CHECK(GetFocus() == field && from == 0 && to == wcslen(b.text), "the field has the keyboard, its text is selected");
        p.type(b.caption, wcscmp(b.caption, L"RTMP url") ? L"1000" : L"rtmp://127.0.0.1/a/k");
        CHECK(p.message().empty(), "put right, it is wrong no more");
        CHECK_HR(p.page->Apply(), S_OK);
        CHECK(o.value(L"tcp-no-delay") == "on" && o.value(L"username") == "me", "all is applied");
    }
}

static void secret()
{
    Apartment apartment;
    PageRig p;
    Options o(p.filter);
    HWND field = p.find(L"Password");
    CHECK(GetWindowLongW(field, GWL_STYLE) & ES_PASSWORD, "what is typed is not seen");
    p.type(L"Password", L"sesame");
    CHECK_HR(p.page->Apply(), S_OK);
    CHECK(!p.shows(L"sesame"), "once it is applied it is nowhere");
    CHECK(!textOf(field).empty(), "that there is one is shown");
    o.options->SetPassword(L"simsim");
    p.deactivate();
    p.activate();
    p.pump(1300);
    CHECK(!p.shows(L"simsim") && !p.shows(L"sesame") && !p.text(L"Password").empty(), "nor is one that was set elsewhere");
    p.type(L"User name", L"me");
    CHECK_HR(p.page->Apply(), S_OK);
    CHECK(o.value(L"password") == "****", "it stays when others are applied");
    p.type(L"Password", L"");
    CHECK_HR(p.page->Apply(), S_OK);
    CHECK(o.value(L"password").empty(), "an empty one is none");
}

// tabs walks through the page as the Tab key does.
static void tabs()
{
    Apartment apartment;
    PageRig p;
    SetForegroundWindow(p.frame);
    HWND first = GetNextDlgTabItem(p.dialog, nullptr, FALSE), w = first;
    std::vector<HWND> walked;
    do {
        walked.push_back(w);
        w = GetNextDlgTabItem(p.dialog, w, FALSE);
    } while (w != first && walked.size() < 40);
    CHECK_EQ(walked.size(), 17); // 16 options and Connect; Disconnect is grey
    CHECK(isEdit(first) && first == p.find(L"RTMP url"), "the url comes first");
    for (size_t i = 1; i < walked.size(); i++) {
        RECT a, b;
        GetWindowRect(walked[i - 1], &a);
        GetWindowRect(walked[i], &b);
        QUIET(b.top >= a.bottom - 2 || (b.left >= a.right && b.bottom > a.top), "field %d comes behind the one before", int(i));
    }
    SetFocus(first);
    for (int i = 0; i < 3; i++) {
        PostMessageW(GetFocus(), WM_KEYDOWN, VK_TAB, 0);
        p.pump(60);
    }
    CHECK(GetFocus() == walked[2] || GetFocus() == walked[3], "the key itself goes on");
    std::wstring seen;
    for (HWND c = GetWindow(p.dialog, GW_CHILD); c; c = GetWindow(c, GW_HWNDNEXT)) {
        std::wstring caption = textOf(c);
        size_t at = caption.find(L'&');
        if (isEdit(c) || at == std::wstring::npos)
            continue;
        WCHAR key = WCHAR(towlower(caption[at + 1]));
        QUIET(seen.find(key) == std::wstring::npos, "the mnemonic %c is there once", char(key));
        seen += key;
    }
    CHECK(seen.size() >= 18, "mnemonics: %s", narrow(seen.c_str()).c_str());
    SetFocus(first);
    PostMessageW(first, WM_SYSCHAR, L'k', 1 << 29);
    p.pump(100);
    CHECK(GetFocus() == p.find(L"Output packet size"), "Alt with the mnemonic goes to its field");
    PostMessageW(GetFocus(), WM_SYSCHAR, L'v', 1 << 29);
    p.pump(100);
    CHECK(p.checked(L"Live Mode"), "and sets a checkbox");
}

static const WCHAR *const allFields[] = { L"RTMP url", L"Output buffer size", L"Output packet size", L"Socket buffer size", L"First Timecode", L"User name",
    L"Password", L"Attempts", L"Interval", L"Live Mode", L"Allow B frames", L"Write Timecode", L"TCP No Delay", L"Embed System Time as Timecode",
    L"Use Authentication", L"Reconnect without limit" };

static int greyFields(PageRig &p)
{
    int n = 0;
    for (const WCHAR *name : allFields)
        n += !p.enabled(name);
    return n;
}

static void connects()
{
    Apartment apartment;
    limit(40);
    Rig rig(3, nullptr);
    ULONG before = references(rig.filter);
    for (OutPin &pin : rig.source->pin)
        pin.realTime = true;
    {
        PageRig p(rig.filter);
        Options o(rig.filter);
        SetForegroundWindow(p.frame);
        p.type(L"RTMP url", wide(at("live", "page")).c_str());
        p.type(L"Output packet size", L"800");
        SetFocus(p.find(L"Connect"));
        p.click(L"Connect");
        CHECK(o.url() == at("live", "page") && o.value(L"output-packet-size") == "800", "Connect applies first");
        CHECK_HR(p.page->IsPageDirty(), S_FALSE);
        CHECK(!p.enabled(L"Connect") && p.enabled(L"Disconnect") && GetFocus() == p.find(L"Disconnect"), "Disconnect takes its place");
        CHECK(p.pump(soon, [&] { return p.text(L"Status") == L"Connected"; }), "it connects");
        CHECK_EQ(greyFields(p), 16);
        rig.run();
        CHECK(p.pump(soon, [&] { return p.text(L"Video bitrate") != L"0 kbit/s" && p.text(L"Audio bitrate") != L"0 kbit/s"; }), "rates come");
        std::wstring was = p.text(L"Video bitrate") + p.text(L"Audio bitrate") + p.text(L"Output bitrate") + p.text(L"Output buffer fillness");
        CHECK(p.pump(soon, [&] { return was != p.text(L"Video bitrate") + p.text(L"Audio bitrate") + p.text(L"Output bitrate") + p.text(L"Output buffer fillness"); }),
            "and change");
        Timed end;
        p.click(L"Disconnect");
        CHECK_BETWEEN(end.ms(), 0, 1000);
        CHECK(p.pump(2000, [&] { return p.text(L"Status") == L"Not Connected" && p.enabled(L"Connect"); }), "it is not connected any more");
        CHECK(p.message().empty(), "the user's own wish is no error: %s", narrow(p.message().c_str()).c_str());
        CHECK_EQ(greyFields(p), 0);
        rig.stop();
        p.click(L"Connect");
        CHECK(p.pump(soon, [&] { return p.text(L"Status") == L"Connected"; }), "it connects again");
        p.click(L"Disconnect");
    }
    CHECK_EQ(references(rig.filter), before);
}

static void fails()
{
    Apartment apartment;
    PageRig p;
    p.type(L"RTMP url", L"rtmp://127.0.0.1:1/live+page");
    p.click(L"Connect");
    bool told = p.pump(8000, [&] { return p.text(L"Status") == L"Not Connected" && !p.message().empty(); });
    CHECK(told, "it is told why: %s", narrow(p.message().c_str()).c_str());
    CHECK(p.enabled(L"Connect") && !p.enabled(L"Disconnect"), "it can be tried again");
    CHECK_EQ(greyFields(p), 0);
    p.type(L"RTMP url", L"");
    p.click(L"Connect");
    CHECK(p.message().find(L"RTMP url: ") == 0, "without a url: %s", narrow(p.message().c_str()).c_str());
    p.type(L"RTMP url", L"rtmp://127.0.0.1/live");
    p.click(L"Connect");
    CHECK(p.message().find(L"stream key") != std::wstring::npos, "without a key: %s", narrow(p.message().c_str()).c_str());
}

// unanswered is a server that takes connections and says nothing.
static void unanswered()
{
    Apartment apartment;
    Listener server;
    PageRig p;
    Options o(p.filter);
    o.options->SetReceiveTimeout(20000);
    p.type(L"RTMP url", wide(server.url()).c_str());
    Timed call;
    p.click(L"Connect");
    CHECK_BETWEEN(call.ms(), 0, 3000); // it does not wait for the answer
    p.pump(1500);
    CHECK(p.text(L"Status") == L"Connecting\x2026", "status: %s", narrow(p.text(L"Status").c_str()).c_str());
    CHECK(!p.enabled(L"Connect") && p.enabled(L"Disconnect"), "it can be ended");
    CHECK_EQ(greyFields(p), 16);
    Timed end;
    p.click(L"Disconnect");
    CHECK_BETWEEN(end.ms(), 0, 3000);
    CHECK(p.pump(3000, [&] { return p.text(L"Status") == L"Not Connected" && p.enabled(L"Connect"); }), "it is ended");
    CHECK_EQ(greyFields(p), 0);
}
