// reconnect: what a program does with the connection, and what becomes of it. The
// numbers are beyond the list of behaviours. The URL is that of the Go test's
// stage, with a slash behind it; restart=URL is a server that the test kills and
// starts again, gone=URL one that vanishes after the publish.
#include "quartz.h"

namespace reconnect {

struct Options {
    IRTMPOptions *o = nullptr;
    explicit Options(IUnknown *filter) { filter->QueryInterface(IID_IRTMPOptions, (void **)&o); }
    ~Options() { o->Release(); }
    IRTMPOptions *operator->() { return o; }
};

// eventText is an event in words; empty for those that are of no interest.
static std::string eventText(long code, LONG_PTR first)
{
    switch (code) {
    case EC_COMPLETE:
        return "complete";
    case EC_ERRORABORT:
        return "abort " + hrName(HRESULT(first));
    case EC_USERABORT:
        return "user abort";
    case statusEvent:
        return "status " + std::to_string(*(int *)first);
    }
    return "";
}

// story collects what a graph is told, says it, and returns when `last` has come.
static bool story(Graph &g, std::string &told, const std::string &last, DWORD ms)
{
    long code;
    LONG_PTR one, two;
    for (Timed all; all.ms() < ms;) {
        if (g.event->GetEvent(&code, &one, &two, 100) != S_OK)
            continue;
        std::string text = eventText(code, one);
        g.event->FreeEventParams(code, one, two);
        if (text.empty())
            continue;
        told += (told.empty() ? "" : ", ") + text;
        say("event %s", text.c_str());
        if (text == last)
            return true;
    }
    return QUIET(false, "%s within %lu ms; so far: %s", last.c_str(), (unsigned long)ms, told.c_str());
}

// restarted has its server killed and started again.
static void restarted()
{
    limit(60);
    Graph g(named("restart"));
    volatile LONG finish = 0;
    for (OutPin &p : g.source->pin) {
        bool audio = p.index != 0;
        p.realTime = true;
        p.next = [&finish, audio](long n, Sample &s) {
            s = audio ? clip::audioSample(n) : clip::videoSample(n);
            return !finish;
        };
    }
    Options o(g.filter);
    CHECK_HR(o->SetReconnectAttempts(100), S_OK);
    CHECK_HR(o->SetReconnectInterval(200), S_OK);
    std::string told;
    CHECK_HR_OF(g.control->Run(), S_OK, S_FALSE);
    story(g, told, "status 0", soon);
    story(g, told, "status 2", 20000);
    CHECK_EQ(g.state(), State_Running);
    int status = -1;
    CHECK_HR(o->GetStatus(&status), S_OK);
    CHECK_EQ(status, RTMPWriterReconnecting);
    story(g, told, "status 0", 20000);
    CHECK_EQ(g.state(), State_Running);
    Sleep(1500);
    finish = 1;
    story(g, told, "complete", 10000);
    CHECK_EQ(g.state(), State_Running);
    CHECK_HR(g.control->Stop(), S_OK);
    story(g, told, "status 1", 1000);
    CHECK(told == "status 0, status 2, status 0, complete, status 1", "the story: %s", told.c_str());
    CHECK_EQ(g.source->pin[0].refused + g.source->pin[1].refused, 0);
}

static void usedUp()
{
    limit(40);
    Graph g(named("gone"));
    for (OutPin &p : g.source->pin)
        p.next = p.index ? clip::audioSamples() : clip::videoSamples(), p.realTime = true;
    Options o(g.filter);
    o->SetReconnectAttempts(2);
    o->SetReconnectInterval(300);
    std::string told;
    g.control->Run();
    story(g, told, "status 2", 10000);
    Timed trying;
    story(g, told, "status 1", 20000);
    CHECK(trying.real() >= 500 && trying.ms() <= 15000, "it tries: %lu ms, %lu of the clock", (unsigned long)trying.ms(), (unsigned long)trying.real());
    story(g, told, "abort " + hrName(RTMP_E_LOST), 2000);
    CHECK(told == "status 0, status 2, status 1, abort " + hrName(RTMP_E_LOST), "the story: %s", told.c_str());
    CHECK(g.source->waitDone(1000), "the source was refused");
    CHECK_HR(g.source->pin[0].last, VFW_E_RUNTIME_ERROR);
    CHECK_HR(g.control->Stop(), S_OK);
}

// disconnected disconnects a stream; blocked: one whose Receives wait.
static void disconnected(bool blocked)
{
    Stream s(at(blocked ? "stall" : "live", blocked ? "re303stall" : "re303"));
    CHECK_HR(s.options->Disconnect(), S_FALSE);
    s.set(L"send-timeout", L"20000");
    OutPin *pin = s.rig.source->pin;
    if (blocked) {
        s.rig.disconnect(0);
        pin[0].bufferSize = 1 << 18;
        s.rig.connect(0);
    }
    for (int i = 0; i < 2; i++) {
        pin[i].realTime = !blocked;
        if (blocked)
            pin[i].next = large(i);
    }
    s.run();
    s.connected();
    s.rig.source->Run(0);
    if (blocked)
        CHECK(pin[0].waitBlocked(10000) && pin[1].waitBlocked(10000), "both pins are blocked");
    else
        pin[0].waitTaken(10, soon);
    Timed call;
    CHECK_HR(s.options->Disconnect(), S_OK);
    CHECK_BETWEEN(call.ms(), 0, 1000);
    CHECK(s.graph.wait(EC_USERABORT, 1, soon), "EC_USERABORT");
    CHECK(list(s.statuses()) == "0 1", "status 1: %s", list(s.statuses()).c_str());
    std::vector<long> codes;
    for (const Event &e : s.graph.all())
        if (e.code != statisticsEvent)
            codes.push_back(e.code);
    CHECK(codes == std::vector<long>({ statusEvent, statusEvent, EC_USERABORT }), "status 1 goes before EC_USERABORT, and nothing else comes");
    CHECK(s.rig.source->waitDone(1000), "both sources come back");
    for (int i = 0; i < 2; i++) // S_FALSE is the word for a Receive that was under way
        CHECK_HR_OF(pin[i].last, VFW_E_RUNTIME_ERROR, S_FALSE);
    CHECK_HR(s.video(0), VFW_E_RUNTIME_ERROR);
    CHECK_EQ(stateOf(s.rig.filter), State_Running);
    CHECK_HR(s.options->Disconnect(), S_FALSE);
    s.rig.stop();
    CHECK_HR(s.video(0), VFW_E_WRONG_STATE);
    s.run();
    CHECK(s.reached(RTMPWriterConnected, 2, soon), "Run connects again");
    CHECK(s.feed(0, 5), "samples are taken again");
}

static void reconnectNow()
{
    Stream s(at("once", "re304"));
    CHECK_HR(s.options->ReconnectNow(), S_FALSE);
    s.set(L"reconnect-attempts", L"5");
    s.set(L"reconnect-interval", L"60000");
    s.run();
    s.connected();
    s.pace(5000, [&] { return s.times(RTMPWriterReconnecting) > 0; });
    CHECK(list(s.statuses()) == "0 2", "lost: %s", list(s.statuses()).c_str());
    CHECK_HR(s.options->ReconnectNow(), S_OK);
    CHECK(s.reached(RTMPWriterConnected, 2, soon), "connected at once");
    s.pace(500);
    CHECK_HR(s.options->ReconnectNow(), S_OK); // of a connection that only seems dead
    CHECK(s.reached(RTMPWriterConnected, 3, soon), "connected anew");
    CHECK(list(s.statuses()) == "0 2 0 2 0", "the story: %s", list(s.statuses()).c_str());
    s.stop();
    CHECK_HR(s.options->ReconnectNow(), S_FALSE);
}

// heard is what the handlers below were told.
static struct {
    std::vector<int> statuses;
    std::string url;
    void *context;
    IRTMPStatusNotify *unset; // the handler takes itself off
} heard;

static void __stdcall handler(int status, const char *url, void *context)
{
    heard.statuses.push_back(status);
    heard.url = url ? url : "";
    heard.context = context;
    if (heard.unset)
        heard.unset->SetStatusNotifyHandler(nullptr, nullptr);
}

static void __cdecl wrongHandler(int status, const char *url, void *context) { handler(status, url, context); }

static void notified()
{
    Stream s(at("live", "re305"));
    IRTMPStatusNotify *notify = nullptr;
    CHECK_HR(s.rig.filter->QueryInterface(IID_IRTMPStatusNotify, (void **)&notify), S_OK);
    if (!notify)
        return;
    int mark;
    auto round = [&](RTMPStatusNotifyHandler f, const char *want, const char *what) {
        heard = {};
        CHECK_HR(notify->SetStatusNotifyHandler(f, &mark), S_OK);
        int before = s.times(RTMPWriterConnected);
        for (int i = 1; i <= 3; i++) {
            s.run();
            QUIET(s.reached(RTMPWriterConnected, before + i, soon), "%s: connects", what);
            s.stop();
        }
        CHECK(list(heard.statuses) == want, "%s is told: %s", what, list(heard.statuses).c_str());
        if (*want)
            CHECK(heard.context == &mark && heard.url == at("live", "re305"), "%s: context and URL %s", what, heard.url.c_str());
    };
    round(handler, "0 1 0 1 0 1", "the handler");
    round((RTMPStatusNotifyHandler)(void *)wrongHandler, "0 1 0 1 0 1", "a handler of another calling convention");
    round(nullptr, "", "nobody");
    heard = {};
    heard.unset = notify;
    notify->SetStatusNotifyHandler(handler, nullptr);
    s.run();
    s.reached(RTMPWriterConnected, 10, soon);
    s.stop();
    CHECK(list(heard.statuses) == "0", "one that takes itself off: %s", list(heard.statuses).c_str());
    notify->Release();
}

static void connectedBefore()
{
    Stream s(at("live", "re310"));
    CHECK_HR(s.options->BeginConnectServer(), S_OK);
    CHECK(s.connected(), "status 0");
    CHECK_HR(s.options->ConnectServer(), S_OK); // is connected
    s.run();
    CHECK(s.feed(0, 25), "samples are taken");
    s.endAll();
    CHECK(s.graph.wait(EC_COMPLETE, 1, soon), "EC_COMPLETE");
    s.stop();
    CHECK(list(s.statuses()) == "0 1", "one connection: %s", list(s.statuses()).c_str());
    CHECK_HR(s.options->ConnectServer(), S_OK);
    CHECK_HR(s.options->Disconnect(), S_OK);
    CHECK(s.reached(RTMPWriterDisconnected, 2, soon), "disconnected before the start");
    CHECK_EQ(s.graph.count(EC_USERABORT), 0);
    s.run();
    CHECK(s.reached(RTMPWriterConnected, 3, soon), "Run connects");
    s.stop();
}

static void disconnect() { disconnected(false), disconnected(true); }

static const Section all[] = {
    { 301, "the server is killed and restarted", restarted },
    { 302, "attempts used up", usedUp },
    { 303, "Disconnect", disconnect },
    { 304, "ReconnectNow", reconnectNow },
    { 305, "IRTMPStatusNotify", notified },
    { 310, "connected before the start", connectedBefore },
};

} // namespace reconnect

static const Program reconnectProgram("reconnect", reconnect::all, std::size(reconnect::all));
