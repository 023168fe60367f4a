// stream.h: one filter that publishes: connected to a source without a graph of
// quartz, its events recorded, fed by hand or by the source. Compile with
// stream.cpp.
//
//     Stream s(at("live", "key"));    // application and key behind checkURL()
//     s.set(L"live-mode", L"on");
//     s.run();                        // the filter alone
//     s.connected();                  // status 0 has come
//     s.video(0), s.audio(0);         // Receive, on this thread
//     s.endAll();                     // EndOfStream on the pins in use
//     s.stop();
#pragma once
#include "resources.h"
#include "rig.h"
#include <RTMPWriterOptions.h>

const DWORD soon = 5000; // ms within which a server on this machine is reached

std::string at(const std::string &app, const std::string &key);

// named gives an argument NAME=VALUE of the program; see splitArguments.
const char *named(const std::string &name);
// splitArguments takes these out of the arguments and returns how many are left.
int splitArguments(int argc, char **argv);

// padded appends a filler NAL unit, so that a sample with 4-byte start codes has
// size bytes.
Sample padded(Sample sample, size_t size);

// large are samples for ever that fill a buffer soon: pictures of 200 kB, sound of
// 4 kB a frame; the first is sample `from`.
Generator large(int pin, long from = 0);

struct Stream {
    FakeGraph graph;
    Rig rig;
    IRTMPOptions *options = nullptr;
    int pins;

    explicit Stream(const std::string &url, int pins = 3);
    ~Stream();

    bool set(const WCHAR *name, const WCHAR *value); // an option
    HRESULT run() { return rig.filter->Run(0); }
    HRESULT stop() { return rig.filter->Stop(); }

    HRESULT give(int pin, const Sample &sample) // Receive
    {
        BareSample bare(sample);
        return rig.mem[pin]->Receive(&bare);
    }
    HRESULT video(long n) { return give(0, clip::videoSample(n)); }
    HRESULT audio(long n) { return give(1, clip::audioSample(n)); }
    // feed gives samples first to last-1 of the connected pins and tells whether
    // all were taken; two audio frames for each of video.
    bool feed(long first, long last);
    // pace feeds in real time, as a live source does, for ms or until `until`.
    bool pace(DWORD ms, const std::function<bool()> &until = nullptr);
    long paced = 0; // the sample that pace gives next
    void endAll();
    // takesOn feeds samples from `from` on and tells whether they are sent.
    bool takesOn(long from);

    // statuses are the numbers of the status events so far.
    std::vector<int> statuses();
    int times(int status);
    // reached waits until a status has come so often.
    bool reached(int status, int times, DWORD ms);
    bool connected(DWORD ms = soon) { return reached(RTMPWriterConnected, 1, ms); }
    // quiet waits and tells whether no event of this code came meanwhile.
    bool quiet(long code, DWORD ms);
    rtmp_writer_stats_t statistics();
};

// Worker runs a function on a thread.
struct Worker {
    std::function<void()> work;
    HANDLE thread;
    explicit Worker(std::function<void()> f);
    bool done(DWORD ms) { return WaitForSingleObject(thread, ms) == WAIT_OBJECT_0; }
    ~Worker(); // waits

private:
    static DWORD WINAPI start(void *worker);
    Worker(const Worker &) = delete;
};

std::string list(const std::vector<int> &numbers);

// Program is a list of sections of publishing.exe, by the name that is its first
// argument.
struct Program {
    const char *name;
    const Section *sections;
    size_t count;
    const Program *next;
    static const Program *first;
    Program(const char *n, const Section *s, size_t c)
        : name(n), sections(s), count(c), next(first)
    {
        first = this;
    }
};
