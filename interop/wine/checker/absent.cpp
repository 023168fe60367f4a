// absent: servers that are none, or refuse (130, 131). The URL is that of the Go
// test's stage, with a slash behind it. dead=, hangup=, garbage=, babble= and
// silent=URL name what else listens, or does not.
#include "stream.h"
#include <memory>

namespace absent {

// silentStatus looks that no connection is told, that samples return, and that
// Stop does.
static void fails(const char *what, const std::string &url)
{
    Stream s(url);
    Timed all;
    HRESULT hr = s.run();
    QUIET(all.ms() < 1000, "%s: Run took %lu ms", what, (unsigned long)all.ms());
    DWORD longest = 0;
    auto told = [&] { return FAILED(hr) || s.times(RTMPWriterDisconnected) || s.times(RTMPWriterReconnecting) || s.graph.count(EC_ERRORABORT); };
    for (long n = 0; !told() && all.ms() < 10000; n++) {
        Timed call;
        s.video(n), s.audio(n);
        longest = std::max(longest, call.ms());
        Sleep(20);
    }
    CHECK(told(), "%s: told after %lu ms", what, (unsigned long)all.ms());
    CHECK(longest < 10000, "%s: the longest Receive took %lu ms", what, (unsigned long)longest);
    Sleep(300);
    CHECK(!s.times(RTMPWriterConnected), "%s: never connected: %s", what, list(s.statuses()).c_str());
    LPWSTR text = nullptr;
    if (s.options->GetLastErrorText(&text) == S_OK && text) {
        CHECK(*text && !wcsstr(text, L"s3cret"), "%s: why: %s", what, narrow(text).c_str());
        CoTaskMemFree(text);
    }
    Timed stop;
    CHECK_HR(s.stop(), S_OK);
    CHECK_BETWEEN(stop.ms(), 0, 5000);
}

static void refused()
{
    limit(60);
    struct { const char *what; std::string url; } all[] = {
        { "nobody listens", named("dead") }, { "unknown host", "rtmp://unknown-host.invalid/live+s3cret" }, { "closed at once", named("hangup") },
        { "garbage", named("garbage") }, { "garbage behind the handshake", named("babble") },
        { "connect refused", at("refuse", "s3cret") }, { "publish refused", at("deny", "s3cret") },
    };
    std::vector<std::unique_ptr<Worker>> tries;
    for (auto &t : all)
        tries.emplace_back(new Worker([&t] { fails(t.what, t.url); }));
}

// fast tells that the usual failures are told in a moment, and how.
static void refusedOften()
{
    Stream s(named("dead"));
    for (int round = 1; round <= 3; round++) {
        s.run();
        CHECK(s.graph.wait(EC_ERRORABORT, round, soon), "EC_ERRORABORT of run %d", round);
        CHECK_EQ(s.times(RTMPWriterDisconnected), round);
        for (const Event &e : s.graph.all(EC_ERRORABORT))
            QUIET(HRESULT(e.first) == RTMP_E_CONNECT, "the reason is RTMP_E_CONNECT: %s", hrName(HRESULT(e.first)).c_str());
        HRESULT hr = s.video(0);
        CHECK(FAILED(hr), "samples are refused: %s", hrName(hr).c_str());
        CHECK_HR(s.stop(), S_OK);
    }
    HRESULT hr = s.options->ConnectServer();
    CHECK_HR(hr, RTMP_E_CONNECT);
    Stream denied(at("refuse", "absent"));
    CHECK_HR(denied.options->ConnectServer(), RTMP_E_REFUSED);
}

static void silent()
{
    limit(40);
    Stream s(named("silent"));
    s.rig.source->pin[0].realTime = s.rig.source->pin[1].realTime = true;
    Timed run;
    s.run();
    CHECK_BETWEEN(run.ms(), 0, 1000);
    DWORD longest = 0;
    for (Timed all; all.ms() < 4000;) {
        Timed call;
        s.video(s.paced), s.audio(s.paced++);
        longest = std::max(longest, call.ms());
        Sleep(40);
    }
    CHECK_BETWEEN(longest, 0, 4000);
    CHECK_EQ(s.times(RTMPWriterConnected), 0);
    Timed stop;
    CHECK_HR(s.stop(), S_OK);
    CHECK_BETWEEN(stop.ms(), 0, 5000);
    // While it waits for an answer Stop comes, too.
    s.set(L"receive-timeout", L"60000");
    s.set(L"connect-timeout", L"60000");
    for (DWORD after : { 0, 50, 700 }) {
        s.run();
        Sleep(after);
        Timed again;
        CHECK_HR(s.stop(), S_OK);
        CHECK_BETWEEN(again.ms(), 0, 1000);
    }
    CHECK_EQ(s.times(RTMPWriterConnected), 0);
}

static const Section all[] = {
    { 130, "no server, or one that refuses", refused },
    { 130, "what is told, run after run", refusedOften },
    { 131, "a server that says nothing", silent },
};

} // namespace absent

static const Program absentProgram("absent", absent::all, std::size(absent::all));
