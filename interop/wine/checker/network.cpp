// network: status, statistics and what is published (124 to 129, 134, 136). The URL
// is that of the Go test's stage, with a slash behind it, and so is other=URL, of
// another stage. outage.cpp has servers that fail, absent.cpp those that are none.
#include "stream.h"

namespace network {

static void statusEvents()
{
    Stream s(at("live", "net124"));
    s.run();
    CHECK(s.connected(), "status 0");
    s.stop();
    auto all = s.graph.all(statusEvent);
    for (const Event &e : all) {
        CHECK(e.first, "the first parameter points to an int");
        CHECK_BETWEEN(e.status, 0, 2);
        CHECK(!e.second || e.url == at("live", "net124"), "the second is NULL or points to the URL: %s", e.url.c_str());
    }
    CHECK(list(s.statuses()) == "0 1", "connected, then disconnected: %s", list(s.statuses()).c_str());
}

// readable keeps the pointers of many events and looks at them afterwards.
static void readable()
{
    limit(60);
    Stream s(at("live", "net125"));
    const int rounds = 128; // 256 events
    for (int i = 0; i < rounds; i++) {
        s.run();
        QUIET(s.reached(RTMPWriterConnected, i + 1, soon), "round %d connects", i);
        if (!i)
            s.pace(2500); // statistics come, too
        s.stop();
    }
    auto all = s.graph.all();
    std::vector<LONG_PTR> pointers;
    int statistics = 0;
    for (const Event &e : all) {
        if (e.code == statusEvent) {
            QUIET(*(int *)e.first == e.status, "the status is still %d", e.status);
            pointers.push_back(e.first);
        } else if (e.code == statisticsEvent) {
            auto stats = (rtmp_writer_stats_t *)e.first;
            QUIET(stats->output_buffer_size == 262144, "the statistics are still readable");
            statistics++;
        }
        if ((e.code == statusEvent || e.code == statisticsEvent) && e.second)
            QUIET(*(char **)e.second == e.url, "the URL is still %s", e.url.c_str());
    }
    CHECK_EQ(pointers.size(), 2 * rounds);
    std::sort(pointers.begin(), pointers.end());
    CHECK(std::unique(pointers.begin(), pointers.end()) == pointers.end(), "each event has its own value");
    CHECK(statistics >= 2, "statistics were kept, too");
}

static void once()
{
    {
        Stream s(at("late", "net126")); // the answer to publish comes after 1.5 s
        s.set(L"receive-timeout", L"5000");
        Timed call;
        s.run();
        CHECK_BETWEEN(call.ms(), 0, 1000); // Run waits for nothing
        Sleep(1000);
        CHECK_EQ(s.times(RTMPWriterConnected), 0);
        int status = -1;
        CHECK_HR(s.options->GetStatus(&status), S_OK);
        CHECK_EQ(status, RTMPWriterDisconnected);
        CHECK(s.connected(), "status 0 when the publish is accepted");
    }
    Stream s(at("live", "net126once"));
    for (int round = 1; round <= 3; round++) {
        Timed call;
        s.run();
        CHECK(s.reached(RTMPWriterConnected, round, soon), "status 0 of round %d after %lu ms", round, (unsigned long)call.ms());
        s.pace(300);
        int status = -1;
        s.options->GetStatus(&status);
        CHECK_EQ(status, RTMPWriterConnected);
        s.stop();
    }
    CHECK(list(s.statuses()) == "0 1 0 1 0 1", "once per connection: %s", list(s.statuses()).c_str());
}

static void statistics()
{
    Stream s(at("live", "net127"));
    std::vector<rtmp_writer_stats_t> told;
    CRITICAL_SECTION lock;
    InitializeCriticalSection(&lock);
    s.graph.onEvent([&](const Event &e) {
        if (e.code != statisticsEvent)
            return;
        EnterCriticalSection(&lock);
        told.push_back(*(rtmp_writer_stats_t *)e.first);
        LeaveCriticalSection(&lock);
    });
    s.run();
    s.connected();
    Timed all;
    QUIET(s.pace(5200), "samples are taken");
    s.stop();
    s.graph.onEvent(nullptr);
    CHECK_BETWEEN(told.size(), 3, 6); // once a second
    DWORD last = 0;
    for (const Event &e : s.graph.all(statisticsEvent)) {
        if (last)
            CHECK_BETWEEN(e.at - last, 500, 1600);
        last = e.at;
        CHECK(!e.second || e.url == at("live", "net127"), "the URL");
    }
    int video = 0, audio = 0;
    for (auto &t : told) {
        CHECK_EQ(t.output_buffer_size, 262144);
        CHECK_BETWEEN(t.output_buffer_fillness, 0, 262144);
        CHECK(t.output_bitrate >= 0 && t.output_bitrate2 >= 0 && t.output_bitrate3 >= 0 && t.audio_bitrate >= 0 && t.video_bitrate >= 0, "no rate is negative");
        CHECK_BETWEEN(t.packetsRtt, 0, 2000);
        CHECK_BETWEEN(t.clientBytesReceived, 0, 10000000);
        CHECK(t.audio_packets_buffered < 1000 && t.video_packets_buffered < 1000, "few frames wait");
        CHECK_BETWEEN(t.video_packets_sent, video, s.paced);
        CHECK_BETWEEN(t.audio_packets_sent, audio, 2 * s.paced);
        video = t.video_packets_sent;
        audio = t.audio_packets_sent;
    }
    CHECK(video > 75 && audio > 150, "the counters go up: %d, %d", video, audio);
    if (!told.empty()) {
        auto &t = told.back();
        CHECK(t.output_bitrate > 10000 && t.video_bitrate > 5000 && t.audio_bitrate > 1000, "rates are those of the stream: %lld, %d, %d",
            (long long)t.output_bitrate, t.video_bitrate, t.audio_bitrate);
    }
    auto now = s.statistics(); // of the last connection
    CHECK_BETWEEN(now.video_packets_sent, video, s.paced);
    DeleteCriticalSection(&lock);
}

// published is looked at by the Go test: what came must begin with a key frame
// near 0, although what is delivered does not.
static void published()
{
    for (int pins = 1; pins < 4; pins++) {
        std::string key = "net128-" + std::to_string(pins);
        Stream s(at("live", key), pins);
        s.run();
        const REFERENCE_TIME from = 100000000; // 10 s
        long first = 7; // of the group of pictures
        for (long n = first; n < first + 60; n++) {
            Sample video = clip::videoSample(n), audio[2] = { clip::audioSample(2 * n), clip::audioSample(2 * n + 1) };
            video.start += from, video.stop += from;
            if (pins & 1)
                QUIET(s.give(0, video) == S_OK, "video %ld", n);
            for (Sample &a : audio) {
                a.start += from, a.stop += from;
                if (pins & 2)
                    QUIET(s.give(1, a) == S_OK, "audio");
            }
        }
        s.endAll();
        CHECK(s.graph.wait(EC_COMPLETE, 1, soon), "EC_COMPLETE");
        s.stop();
        say("published %s", key.c_str());
    }
}

static void closes()
{
    Stream s(at("live", "net129"));
    for (int round = 1; round <= 2; round++) {
        s.run();
        CHECK(s.reached(RTMPWriterConnected, round, soon), "run %d connects", round);
        s.paced = 0; // a key frame
        s.pace(300);
        Timed stop;
        CHECK_HR(s.stop(), S_OK);
        CHECK_BETWEEN(stop.ms(), 0, 3000);
        say("stopped net129");
    }
}

static void pair()
{
    Stream a(at("live", "net134a"));
    {
        Stream b(std::string(named("other")) + "live+net134b");
        a.run();
        b.run();
        CHECK(a.connected() && b.connected(), "both connect");
        QUIET(a.feed(0, 25) && b.feed(0, 25), "both take samples");
        b.stop();
    }
    CHECK(a.feed(25, 50), "one goes on when the other is gone");
    a.endAll();
    CHECK(a.graph.wait(EC_COMPLETE, 1, soon), "EC_COMPLETE");
    CHECK(list(a.statuses()) == "0", "its status is its own: %s", list(a.statuses()).c_str());
    a.stop();
    say("sent net134a 50 100");
}

// callsBack calls the filter from within every event, also with an event under way
// on another thread.
static void callsBack()
{
    Stream s(at("live", "net136"));
    volatile LONG calls = 0, codes[3] = {};
    s.graph.onEvent([&](const Event &e) {
        Timed all;
        FILTER_STATE state;
        s.rig.filter->GetState(100, &state);
        FILTER_INFO info = {};
        s.rig.filter->QueryFilterInfo(&info);
        if (info.pGraph)
            info.pGraph->Release();
        AM_MEDIA_TYPE type;
        if (s.rig.in[0]->ConnectionMediaType(&type) == S_OK)
            freeBlock(&type);
        int status;
        s.options->GetStatus(&status);
        s.statistics();
        if (e.code != statusEvent || e.status == RTMPWriterConnected)
            s.video(1000000 + calls);
        if (e.code == EC_COMPLETE)
            s.rig.filter->Stop();
        InterlockedIncrement(&calls);
        codes[e.code == EC_COMPLETE ? 0 : e.code == statusEvent ? 1 : 2] = 1;
        QUIET(all.ms() < 3000, "the filter answers within event %ld after %lu ms", e.code, (unsigned long)all.ms());
    });
    s.run();
    s.connected();
    s.pace(1500);
    s.endAll();
    CHECK(s.graph.wait(EC_COMPLETE, 1, soon), "EC_COMPLETE");
    waitUntil(soon, [&] { return codes[0] != 0; });
    CHECK(codes[0] && codes[1] && codes[2], "all kinds of events called back, %ld times", long(calls));
    CHECK_EQ(stateOf(s.rig.filter), State_Stopped);
    Sleep(200);
    s.graph.onEvent(nullptr);
    s.run();
    CHECK(s.feed(0, 5), "it works afterwards");
}

static const Section all[] = {
    { 124, "status events", statusEvents },
    { 125, "events stay readable", readable },
    { 126, "status 0 once a connection", once },
    { 127, "statistics", statistics },
    { 128, "what is published", published },
    { 129, "Stop closes in order", closes },
    { 134, "two streams of one process", pair },
    { 136, "calls from within events", callsBack },
};

} // namespace network

static const Program networkProgram("network", network::all, std::size(network::all));
