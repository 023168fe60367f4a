// random.cpp: states that change at random, and what many runs leave behind (items
// 68 and 10).
#include "states.h"
#include <random>

// changeStates does `steps` random changes.
static void changeStates(IBaseFilter *filter, unsigned seed, int steps)
{
    std::minstd_rand random(seed);
    for (int i = 0; i < steps; i++) {
        unsigned step = random() % 3;
        HRESULT hr = step == 0 ? filter->Pause() : step == 1 ? filter->Run(0) : filter->Stop();
        QUIET(hr == S_OK || hr == S_FALSE, "step %d: %s", i, hrName(hr).c_str());
        if (random() % 4 == 0)
            Sleep(random() % 20);
    }
}

// feed delivers samples whatever comes back, until told to end.
static void feed(Rig &rig, int i, volatile LONG *end)
{
    for (long n = 0; !*end; n++) {
        BareSample sample(i ? clip::audioSample(n) : clip::videoSample(n));
        if (rig.mem[i]->Receive(&sample) != S_OK)
            Sleep(1);
        QUIET(sample.refs == 1, "pin %d: the sample is released when Receive is back", i);
    }
}

static void randomly(Rig &rig, int threads, int steps)
{
    volatile LONG end = 0;
    Threads feeders;
    feeders.start([&] { feed(rig, 0, &end); });
    feeders.start([&] { feed(rig, 1, &end); });
    {
        Threads changers;
        for (int t = 0; t < threads; t++)
            changers.start([&, t] { changeStates(rig.filter, 17 * t + threads, steps); });
    }
    end = 1;
    CHECK_HR(rig.filter->Stop(), S_OK);
    CHECK(feeders.done(5000), "every Receive is back after Stop");
}

void randomStates()
{
    for (const std::string &url : conditions()) {
        limit(45);
        Rig rig(3, url.c_str());
        randomly(rig, 1, 150);
        randomly(rig, 4, 75);
        CHECK(true, "%s: random states on one thread and on four", url.c_str());
    }
    limit(45);
    Rig rig(3, dataURL());
    randomly(rig, 4, 50);
    rig.run();
    CHECK(rig.source->pin[0].waitTaken(10, 5000) && rig.source->pin[1].waitTaken(10, 5000), "the filter works afterwards");
    rig.stop();
}

void runsLeaveNothing()
{
    limit(45);
    Rig rig(3, dataURL());
    auto rounds = [&](int count) {
        for (int i = 0; i < count; i++) {
            rig.run();
            rig.source->pin[0].waitTaken(3, 2000);
            rig.stop();
        }
        Sleep(3500); // connections that are still closing
    };
    rounds(10);
    Resources before = Resources::now();
    rounds(30);
    checkLeft(before, 8, 2, 8192);
}
