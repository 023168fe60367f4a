// cost.cpp: what a sample costs in Receive, in microseconds.
//
//     cost URL
//
// A picture of 25 kB and its sound are delivered again and again by this thread,
// with a pause after each as an encoder has it. Beside them stand a call that C
// answers alone and one that goes into Go and does nothing there: the difference
// is the crossing, the rest of Receive the copy and the queue.
#include "stream.h"
#include "rig.h"
#include <algorithm>

typedef std::vector<double> Costs;

static double now()
{
    static LARGE_INTEGER frequency;
    LARGE_INTEGER count;
    if (!frequency.QuadPart)
        QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return double(count.QuadPart) * 1e6 / double(frequency.QuadPart);
}

template <class Call> static void measure(Costs &costs, Call call)
{
    double began = now();
    call();
    costs.push_back(now() - began);
}

static void tell(const char *what, Costs &costs)
{
    std::sort(costs.begin(), costs.end());
    say("cost %s: median %.1f us, 99 of 100 below %.1f us, %u calls", what, costs[costs.size() / 2], costs[costs.size() * 99 / 100], unsigned(costs.size()));
}

static void cost()
{
    Rig rig;
    Costs picture, sound, inC, intoGo;
    BareSample video(clip::videoSample(0)), audio(clip::audioSample(0));
    video.sample.data.insert(video.sample.data.end(), 25000, 0xaa);
    CHECK_HR(rig.filter->Run(0), S_OK);
    for (int n = 0; n < 1500; n++) {
        video.sample.start = audio.sample.start = n * 400000LL;
        video.sample.stop = audio.sample.stop = (n + 1) * 400000LL;
        bool taken = true;
        PIN_DIRECTION direction;
        measure(picture, [&] { taken = rig.mem[0]->Receive(&video) == S_OK; });
        measure(sound, [&] { taken = rig.mem[1]->Receive(&audio) == S_OK && taken; });
        measure(inC, [&] { rig.in[0]->QueryDirection(&direction); });
        measure(intoGo, [&] { stateOf(rig.filter); });
        QUIET(taken, "sample %d is taken", n);
        Sleep(1);
    }
    tell("Receive of a picture of 25 kB", picture);
    tell("Receive of its sound", sound);
    tell("QueryDirection, in C", inC);
    tell("GetState, into Go and back", intoGo);
}

int main(int argc, char **argv)
{
    static const Section all[] = { { 93, "what a sample costs", cost } };
    argc = splitArguments(argc, argv);
    return runSections("cost", all, std::size(all), argc, argv);
}
