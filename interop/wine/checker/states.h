// states.h: the parts of the program states.exe: states (states.cpp, random.cpp), blocked
// calls (blocked.cpp), flushes (flush.cpp).
#pragma once
#include "listener.h"
#include "resources.h"
#include "rig.h"
#include "thread.h"

// Conditions of the network that the limits in time hold in: the servers of the
// program's URLs, one that accepts and says nothing, and none.
inline std::vector<std::string> conditions()
{
    static Listener silent;
    std::vector<std::string> all = { silent.url(), "rtmp://127.0.0.1:1/live+checker" };
    all.insert(all.end(), checkRun.urls.begin(), checkRun.urls.end());
    return all;
}

// inEachCondition does the same in every condition at once.
inline void inEachCondition(const std::function<void(const std::string &url)> &check)
{
    limit(45);
    Threads all;
    for (const std::string &url : conditions())
        all.start([&check, url] { check(url); });
}

// large are frames of 50 kB, for ever: they fill any buffer soon.
inline Generator large()
{
    return [](long n, Sample &s) {
        s = clip::videoSample(n);
        Bytes filler(50000, 0xff);
        filler[0] = 12; // a NAL unit of filler data
        Bytes unit = clip::packUnits({ filler }, clip::Annex4);
        s.data.insert(s.data.end(), unit.begin(), unit.end());
        return true;
    };
}

// Counts are the filter's numbers of now, as statistics asks for them.
struct Counts {
    int fillness;
    size_t videoBuffered, audioBuffered;
    int videoSent, audioSent;
};
Counts statistics(IBaseFilter *filter);

void runsLeaveNothing(), prompt(), stateAgrees(), stateTimeout(), repeated(), startInFuture(), stoppedReceive(), randomStates(), pauseWhileRunning();
void pausedReceive(), answersWhileBlocked(), stopWhileBlocked();
void flushRefuses(), flushCancelsEnd(), flushOddly(), flushPaused(), flushInTime(), newSegment();
