// notify: IRTMPStatusNotify (231 to 234) and IRTMPMetadataSink (235, 236). The URL
// is that of a server that takes everything.
#include "settings.cpp"

// What handlers have heard.
static struct {
    volatile LONG calls, wrong, running, mostAtOnce;
    std::string url;
    std::vector<int> statuses;
    HANDLE entered, leave; // events: a handler is there, and may go
} heard;

static void hear(int status, const char *url, void *context)
{
    InterlockedIncrement(&heard.calls);
    if (context != &heard)
        InterlockedIncrement(&heard.wrong);
    heard.statuses.push_back(status);
    heard.url = url ? url : "(null)";
}

static void forget()
{
    heard.calls = heard.wrong = 0;
    heard.statuses.clear();
    heard.url.clear();
}

static void __stdcall proper(int status, const char *url, void *context) { hear(status, url, context); }
static void __cdecl forgotten(int status, const char *url, void *context) { hear(status, url, context); }
static void __stdcall tooFew(int) { InterlockedIncrement(&heard.calls); }
static void __stdcall none() { InterlockedIncrement(&heard.calls); }
static void __stdcall tooMany(int, const char *, void *, int fourth, int fifth)
{
    InterlockedIncrement(&heard.calls);
    if (sizeof(void *) == 4 && (fourth || fifth))
        InterlockedIncrement(&heard.wrong);
}
#if defined(__i386__)
// As Delphi passes arguments that no one told it otherwise: EAX, EDX, ECX.
static void __attribute__((regparm(3))) registers(int status, const char *url, void *context) { hear(status, url, context); }
static void __fastcall fast(int, const char *) { InterlockedIncrement(&heard.calls); }
#endif

template <class Handler> static RTMPStatusNotifyHandler as(Handler h) { return (RTMPStatusNotifyHandler)(void *)h; }

static IRTMPStatusNotify *notifyOf(IBaseFilter *filter)
{
    IRTMPStatusNotify *out = nullptr;
    CHECK_HR(filter->QueryInterface(IID_IRTMPStatusNotify, (void **)&out), S_OK);
    return out;
}

// session is a stream from its connection to its end, with a handler.
static void session(RTMPStatusNotifyHandler handler, const char *key)
{
    Stream s(at("live", key));
    auto notify = notifyOf(s.rig.filter);
    CHECK_HR(notify->SetStatusNotifyHandler(handler, &heard), S_OK);
    forget();
    s.run();
    QUIET(s.connected(), "connected");
    s.stop();
    QUIET(s.reached(RTMPWriterDisconnected, 1, soon), "disconnected");
    CHECK_HR(notify->SetStatusNotifyHandler(nullptr, nullptr), S_OK);
    notify->Release();
}

static void told()
{
    session(proper, "told231");
    CHECK(list(heard.statuses) == "0 1", "the handler hears 0 1: %s", list(heard.statuses).c_str());
    CHECK(heard.wrong == 0, "with its context");
    CHECK(heard.url == at("live", "told231"), "and the url: %s", heard.url.c_str());

    Stream s(at("live", "silent231"));
    auto notify = notifyOf(s.rig.filter);
    notify->SetStatusNotifyHandler(proper, &heard);
    notify->SetStatusNotifyHandler(nullptr, nullptr);
    forget();
    s.run();
    QUIET(s.connected(), "connected");
    s.stop();
    CHECK(heard.calls == 0, "no handler any more");
    notify->Release();
}

static void conventions()
{
    const struct {
        const char *name;
        RTMPStatusNotifyHandler handler;
        bool arguments;
    } all[] = {
        { "__stdcall", as(proper), true },
        { "__cdecl", as(forgotten), true },
        { "one argument", as(tooFew), false },
        { "no argument", as(none), false },
        { "five arguments", as(tooMany), false },
#if defined(__i386__)
        { "in registers", as(registers), true },
        { "__fastcall", as(fast), false },
#endif
    };
    for (auto &c : all) {
        session(c.handler, "convention232");
        CHECK(heard.calls == 2 && heard.wrong == 0, "a handler with %s is called", c.name);
        if (c.arguments)
            CHECK(list(heard.statuses) == "0 1" && heard.url == at("live", "convention232"), "and hears all");
    }
}

static void __stdcall slow(int, const char *, void *)
{
    LONG n = InterlockedIncrement(&heard.running);
    if (n > heard.mostAtOnce)
        heard.mostAtOnce = n;
    SetEvent(heard.entered);
    WaitForSingleObject(heard.leave, 5000);
    InterlockedDecrement(&heard.running);
}

// Whoever takes the handler away may free what it uses.
static void waits()
{
    heard.entered = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    heard.leave = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    Stream s(at("live", "waits233"));
    auto notify = notifyOf(s.rig.filter);
    notify->SetStatusNotifyHandler(slow, &heard);
    s.run();
    CHECK_EQ(WaitForSingleObject(heard.entered, soon), WAIT_OBJECT_0);

    int status = -1;
    CHECK(s.options->GetStatus(&status) == S_OK && status == RTMPWriterConnected, "the filter answers while a handler runs");
    CHECK(s.feed(0, 3), "and takes samples");
    volatile bool away = false;
    {
        Worker taker([&] {
            notify->SetStatusNotifyHandler(nullptr, nullptr);
            away = heard.running == 0;
        });
        CHECK(!taker.done(300), "taking it away waits for it");
        SetEvent(heard.leave);
        CHECK(taker.done(soon), "and no longer");
    }
    CHECK(away, "the handler had ended");
    s.stop();
    CHECK_EQ(heard.mostAtOnce, 1);

    // A window's thread that waits so still answers what the handler sends it.
    ResetEvent(heard.leave);
    struct Windowed {
        HWND window;
        static void __stdcall send(int, const char *, void *context)
        {
            SetEvent(heard.entered);
            WaitForSingleObject(heard.leave, 5000);
            InterlockedIncrement(&heard.running);
            SendMessageW(((Windowed *)context)->window, WM_NULL, 0, 0);
            InterlockedDecrement(&heard.running);
        }
    } ui = { CreateWindowW(L"STATIC", L"", 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr, nullptr, nullptr) };
    CHECK(ui.window != nullptr, "a window of this thread");
    notify->SetStatusNotifyHandler(Windowed::send, &ui);
    s.run();
    CHECK_EQ(WaitForSingleObject(heard.entered, soon), WAIT_OBJECT_0);
    SetEvent(heard.leave);
    Sleep(50); // it is in SendMessage now, or about to be
    Timed taking;
    notify->SetStatusNotifyHandler(nullptr, nullptr);
    CHECK_BETWEEN(taking.ms(), 0, 2000);
    CHECK_EQ(heard.running, 0);
    DestroyWindow(ui.window);
    notify->Release();
}

// A handler may take itself away, and let the filter go.
static void __stdcall leaving(int, const char *, void *context)
{
    InterlockedIncrement(&heard.calls);
    ((IRTMPStatusNotify *)context)->SetStatusNotifyHandler(nullptr, nullptr);
}

static void fromWithin()
{
    Stream s(at("live", "within234"));
    auto notify = notifyOf(s.rig.filter);
    notify->SetStatusNotifyHandler(leaving, notify);
    forget();
    s.run();
    QUIET(s.connected(), "connected");
    s.stop();
    CHECK(s.reached(RTMPWriterDisconnected, 1, soon), "the events go on");
    CHECK_EQ(heard.calls, 1);
    notify->Release();
}

// errorText is the text of the thread's last error, and takes it.
static std::string errorText()
{
    IErrorInfo *info = nullptr;
    BSTR text = nullptr;
    if (GetErrorInfo(0, &info) != S_OK)
        return "";
    info->GetDescription(&text);
    info->Release();
    std::string copy = narrow(text ? text : L"");
    SysFreeString(text);
    return copy;
}

static void dataArguments()
{
    Filter f;
    IRTMPMetadataSink *meta = nullptr;
    CHECK_HR(f.filter->QueryInterface(IID_IRTMPMetadataSink, (void **)&meta), S_OK);
    LPWSTR answer = (LPWSTR)1;
    CHECK_HR(meta->SendMetadata(nullptr, L"{}", FALSE), E_POINTER);
    CHECK_HR(meta->SendCommand(nullptr, L"{}", &answer), E_POINTER);
    CHECK(answer == nullptr, "no answer");
    CHECK(errorText().empty(), "what the number says needs no text");
    CHECK_HR(meta->SendMetadata(L"onCuePoint", L"{\"a\":", FALSE), E_INVALIDARG);
    std::string text = errorText();
    CHECK(text.find("JSON at line 1 column 6") != std::string::npos, "the place: %s", text.c_str());
    CHECK_HR(meta->SendMetadata(L"onCuePoint", L"[1]", FALSE), E_INVALIDARG);
    CHECK_HR(meta->SendMetadata(L"onCuePoint", L"{\"a\":{\"b\":{}}}", FALSE), E_INVALIDARG);
    CHECK_HR(meta->SendMetadata(L"", L"{}", FALSE), E_INVALIDARG);
    CHECK_HR(meta->SendMetadata(L"@setDataFrame", L"{}", FALSE), E_INVALIDARG);
    CHECK_HR(meta->SendMetadata(std::wstring(70000, 'x').c_str(), L"{}", FALSE), E_INVALIDARG);
    CHECK_HR(meta->SendMetadata(L"x", std::wstring(70000, ' ').c_str(), FALSE), E_INVALIDARG);
    errorText();
    CHECK_HR(meta->SendCommand(L"x", nullptr, nullptr), RTMP_E_CONNECT);
    CHECK(errorText().find("not connected") != std::string::npos, "the words for it");
    meta->Release();
}

static void data()
{
    Stream s(at("live", "data236"));
    IRTMPMetadataSink *meta = nullptr;
    CHECK_HR(s.rig.filter->QueryInterface(IID_IRTMPMetadataSink, (void **)&meta), S_OK);
    CHECK_HR(meta->SendMetadata(L"onEarly", nullptr, TRUE), S_OK); // waits for the stream
    s.run();
    QUIET(s.connected(), "connected");
    s.feed(0, 5);
    CHECK_HR(meta->SendMetadata(L"onCuePoint", L"{\"name\":\"\u00fc\",\"list\":[1,{\"a\":true}]}", FALSE), S_OK);
    LPWSTR answer = nullptr;
    CHECK_HR(meta->SendCommand(L"startRecording", L"{\"format\":1}", &answer), S_OK);
    CHECK(answer && narrow(answer) == "[null,\"recording\"]", "the answer: %s", narrow(answer).c_str());
    CoTaskMemFree(answer);
    CHECK_HR(meta->SendCommand(L"startRecording", nullptr, nullptr), S_OK);
    CHECK_HR(meta->SendCommand(L"stopRecording", L"", &answer), RTMP_E_REFUSED);
    std::string text = errorText();
    CHECK(text.find("not recording") != std::string::npos, "the server's words: %s", text.c_str());
    CHECK(FAILED(meta->SendCommand(L"publish", nullptr, nullptr)), "publish is the filter's own command");
    s.feed(5, 10);
    s.endAll();
    QUIET(s.graph.wait(EC_COMPLETE, 1, soon), "EC_COMPLETE");
    s.stop();
    meta->Release();
}

int main(int argc, char **argv)
{
    static const Section all[] = {
        { 231, "the status handler", told },
        { 232, "handlers that are compiled wrong", conventions },
        { 233, "taking a handler away that runs", waits },
        { 234, "a handler that takes itself away", fromWithin },
        { 235, "metadata and commands that are wrong", dataArguments },
        { 236, "metadata and commands", data },
    };
    return runSections("notify", all, std::size(all), argc, argv);
}
