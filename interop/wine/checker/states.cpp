// states.cpp: Pause, Run and Stop with data (items 59–63, 65 and 69), and the
// program states.exe.
#include "states.h"
#include <initguid.h>
#include <RTMPWriterOptions.h>

Counts statistics(IBaseFilter *filter)
{
    IRTMPOptions *options = nullptr;
    rtmp_writer_stats_t s = {};
    if (QUIET(filter->QueryInterface(IID_IRTMPOptions, (void **)&options) == S_OK, "IRTMPOptions")) {
        QUIET(options->GetStatistics(&s) == S_OK, "GetStatistics");
        options->Release();
    }
    return { s.output_buffer_fillness, s.video_packets_buffered, s.audio_packets_buffered, s.video_packets_sent, s.audio_packets_sent };
}

void prompt()
{
    inEachCondition([](const std::string &url) {
        Rig rig(3, url.c_str());
        rig.source->pin[0].persist = rig.source->pin[1].persist = true;
        bool fresh = true;
        for (const char *name : { "Pause", "Run", "Pause", "Run", "Stop", "Run", "Pause", "Stop", "Pause", "Stop" }) {
            Timed timed;
            HRESULT hr = *name == 'P' ? rig.filter->Pause() : *name == 'R' ? rig.filter->Run(0) : rig.filter->Stop();
            DWORD ms = timed.ms();
            *name == 'P' ? rig.source->Pause() : *name == 'R' ? rig.source->Run(0) : rig.source->Stop();
            CHECK(hr == S_OK || (hr == S_FALSE && fresh && *name != 'S'), "%s, %s: %s", url.c_str(), name, hrName(hr).c_str());
            CHECK(ms <= 8000, "%s, %s took %lu ms", url.c_str(), name, (unsigned long)ms);
            fresh = *name == 'S';
            Sleep(50);
        }
    });
}

void stateAgrees()
{
    for (int pins : { 1, 2, 3 }) {
        Rig rig(pins, dataURL());
        HRESULT answer = rig.filter->Pause();
        FILTER_STATE state = FILTER_STATE(-1);
        HRESULT hr = rig.filter->GetState(0, &state);
        CHECK_EQ(state, State_Paused);
        if (answer == S_OK) {
            CHECK(hr == S_OK || hr == VFW_S_CANT_CUE, "Pause answered S_OK, GetState %s", hrName(hr).c_str());
        } else {
            CHECK(answer == S_FALSE && hr == VFW_S_STATE_INTERMEDIATE, "Pause answered %s, GetState %s", hrName(answer).c_str(), hrName(hr).c_str());
            rig.source->Pause(); // the first samples
            CHECK_HR(rig.filter->GetState(5000, &state), S_OK);
        }
        rig.source->Pause();
        hr = rig.filter->GetState(2000, &state);
        CHECK(hr == S_OK || hr == VFW_S_CANT_CUE, "with data: %s", hrName(hr).c_str());
        CHECK_HR(rig.filter->Run(0), S_OK);
        CHECK_HR(rig.filter->GetState(0, &state), S_OK);
        CHECK_EQ(state, State_Running);
        CHECK_HR(rig.filter->Pause(), S_OK); // it had its samples
        rig.filter->GetState(0, &state);
        CHECK_EQ(state, State_Paused);
    }
}

void stateTimeout()
{
    Rig rig(3, dataURL());
    const DWORD slack = 400; // a busy machine's
    auto check = [&](const char *when) {
        for (DWORD timeout : { 0, 50, 500 }) {
            FILTER_STATE state;
            Timed timed;
            rig.filter->GetState(timeout, &state);
            CHECK(timed.ms() <= timeout + slack, "GetState(%lu) %s took %lu ms", (unsigned long)timeout, when, (unsigned long)timed.ms());
        }
    };
    check("stopped");
    rig.filter->Pause();
    check("paused without data");
    rig.run();
    check("running");
}

void repeated()
{
    Rig rig(3, dataURL());
    CHECK_HR(rig.filter->Stop(), S_OK);
    CHECK_HR_OF(rig.filter->Run(0), S_OK, S_FALSE); // straight from stopped
    CHECK_EQ(stateOf(rig.filter), State_Running);
    rig.source->Run(0);
    CHECK(rig.source->pin[0].waitTaken(5, 5000) && rig.source->pin[1].waitTaken(5, 5000), "samples flow");
    for (int i = 0; i < 3; i++)
        CHECK_HR(rig.filter->Run(0), S_OK);
    CHECK_EQ(stateOf(rig.filter), State_Running);
    for (int i = 0; i < 3; i++)
        CHECK_HR(rig.filter->Pause(), S_OK);
    CHECK_EQ(stateOf(rig.filter), State_Paused);
    for (int i = 0; i < 3; i++)
        CHECK_HR(rig.filter->Stop(), S_OK);
    CHECK_EQ(stateOf(rig.filter), State_Stopped);
    rig.source->Stop();
    for (int i = 0; i < 3; i++)
        CHECK_HR_OF(rig.filter->Pause(), S_OK, S_FALSE);
    CHECK_HR(rig.filter->Stop(), S_OK);
}

void startInFuture()
{
    FakeClock clock;
    {
        Rig rig(3, dataURL());
        rig.filter->SetSyncSource(&clock);
        REFERENCE_TIME now = 0;
        clock.GetTime(&now);
        for (REFERENCE_TIME start : { now + 100000000, REFERENCE_TIME(0), REFERENCE_TIME(-1), REFERENCE_TIME(0x7fffffffffffffffLL), REFERENCE_TIME(-0x7fffffffffffffffLL) }) {
            FILTER_STATE state = FILTER_STATE(-1);
            Timed timed;
            CHECK_HR_OF(rig.filter->Run(start), S_OK, S_FALSE);
            rig.filter->GetState(0, &state);
            CHECK(state == State_Running && timed.ms() < 1000, "Run(%lld) changes the state at once", (long long)start);
            rig.filter->Stop();
        }
        rig.filter->Run(now + 100000000);
        rig.source->Run(0);
        CHECK(rig.source->pin[0].waitTaken(10, 3000), "samples are taken before the start time");
    }
    CHECK_EQ(clock.refs, 1);
}

void stoppedReceive()
{
    Rig rig(3, dataURL());
    BareSample video(clip::videoSample(0)), audio(clip::audioSample(0));
    auto refuse = [&](const char *when) {
        for (int n = 0; n < 3; n++) {
            HRESULT hr = rig.mem[0]->Receive(&video);
            CHECK(hr == VFW_E_WRONG_STATE, "video %s: %s", when, hrName(hr).c_str());
            hr = rig.mem[1]->Receive(&audio);
            CHECK(hr == VFW_E_WRONG_STATE, "audio %s: %s", when, hrName(hr).c_str());
        }
        Counts c = statistics(rig.filter);
        CHECK(!c.fillness && !c.videoBuffered && !c.audioBuffered, "nothing is kept %s: %d bytes", when, c.fillness);
        CHECK(video.refs == 1 && audio.refs == 1, "no sample is held %s", when);
    };
    refuse("before the first run");
    rig.filter->Run(0);
    for (long n = 0; n < 5; n++) {
        BareSample sample(clip::videoSample(n));
        CHECK_HR(rig.mem[0]->Receive(&sample), S_OK);
    }
    for (int i = 0; checkRun.urlGiven && i < 100 && statistics(rig.filter).videoSent < 5; i++)
        Sleep(50);
    CHECK(statistics(rig.filter).videoSent <= 5, "only what was taken is sent: %d", statistics(rig.filter).videoSent);
    rig.filter->Stop();
    refuse("after Stop");
}

void pauseWhileRunning()
{
    Rig rig(3, dataURL());
    for (OutPin &out : rig.source->pin) {
        out.realTime = true;
        out.persist = true;
    }
    rig.run();
    CHECK(rig.source->pin[0].waitTaken(5, 3000) && rig.source->pin[1].waitTaken(5, 3000), "taken while running");
    for (int i = 0; i < 3; i++) {
        CHECK_HR(rig.filter->Pause(), S_OK);
        Sleep(100);
        CHECK_HR(rig.filter->Run(0), S_OK);
        LONG video = rig.source->pin[0].taken, audio = rig.source->pin[1].taken;
        CHECK(rig.source->pin[0].waitTaken(video + 5, 3000) && rig.source->pin[1].waitTaken(audio + 5, 3000), "taken again after Pause and Run");
    }
    bool refused = rig.source->pin[0].refused || rig.source->pin[1].refused;
    CHECK(!refused, "nothing was refused: %s, %s", hrName(rig.source->pin[0].last).c_str(), hrName(rig.source->pin[1].last).c_str());
}

// One unit, since each part reads the same large headers.
#include "blocked.cpp"
#include "flush.cpp"
#include "random.cpp"

int main(int argc, char **argv)
{
    static const Section all[] = {
        { 10, "runs leave nothing", runsLeaveNothing },
        { 59, "state changes are prompt", prompt },
        { 60, "Pause and GetState agree", stateAgrees },
        { 61, "GetState's timeout", stateTimeout },
        { 62, "repeated changes", repeated },
        { 63, "a start in the future", startInFuture },
        { 64, "Receive while paused", pausedReceive },
        { 65, "Receive while stopped", stoppedReceive },
        { 66, "answers while Receive is blocked", answersWhileBlocked },
        { 67, "Stop while Receive is blocked", stopWhileBlocked },
        { 68, "random changes", randomStates },
        { 69, "pausing while running", pauseWhileRunning },
        { 70, "flush", flushRefuses },
        { 71, "a flush cancels the end", flushCancelsEnd },
        { 72, "odd flushes", flushOddly },
        { 73, "flush while paused", flushPaused },
        { 74, "flush and end in time", flushInTime },
        { 75, "NewSegment", newSegment },
    };
    return runSections("states", all, std::size(all), argc, argv);
}
