// stream.cpp: see stream.h. Here the identifiers of RTMPWriterOptions.h get their
// values.
#include <windows.h>
#include <initguid.h>
#include <RTMPWriterOptions.h>
#include "stream.h"
#include <map>

static std::map<std::string, std::string> arguments;

const Program *Program::first;

std::string at(const std::string &app, const std::string &key)
{
    return checkURL() + app + "+" + key;
}

const char *named(const std::string &name)
{
    auto found = arguments.find(name);
    QUIET(found != arguments.end(), "the program was given %s=…", name.c_str());
    return found == arguments.end() ? "" : found->second.c_str();
}

int splitArguments(int argc, char **argv)
{
    int left = 1;
    for (int i = 1; i < argc; i++) {
        std::string arg = argv[i];
        size_t equals = arg.find('=');
        if (equals == std::string::npos)
            argv[left++] = argv[i];
        else
            arguments[arg.substr(0, equals)] = arg.substr(equals + 1);
    }
    return left;
}

Sample padded(Sample sample, size_t size)
{
    const Bytes filler = { 0, 0, 0, 1, 12 };
    sample.data.insert(sample.data.end(), filler.begin(), filler.end());
    if (sample.data.size() < size - 1)
        sample.data.resize(size - 1, 0xff);
    sample.data.push_back(0x80);
    return sample;
}

Generator large(int pin, long from)
{
    return [pin, from](long n, Sample &s) {
        s = pin ? clip::audioSample(2 * from + n) : padded(clip::videoSample(from + n), 200000);
        if (pin)
            s.data.resize(4000);
        return true;
    };
}

Stream::Stream(const std::string &url, int p)
    : rig(p, url.empty() ? nullptr : url.c_str()), pins(p)
{
    QUIET(rig.filter->JoinFilterGraph(&graph, L"filter") == S_OK, "JoinFilterGraph");
    QUIET(rig.filter->QueryInterface(IID_IRTMPOptions, (void **)&options) == S_OK, "IRTMPOptions");
}

Stream::~Stream()
{
    rig.stop();
    if (options)
        options->Release();
    rig.filter->JoinFilterGraph(nullptr, nullptr);
}

bool Stream::set(const WCHAR *name, const WCHAR *value)
{
    HRESULT hr = options->SetOption(name, value);
    return QUIET(hr == S_OK, "SetOption(%s, %s) = %s", narrow(name).c_str(), narrow(value).c_str(), hrName(hr).c_str());
}

bool Stream::feed(long first, long last)
{
    bool taken = true;
    for (long n = first; n < last; n++) {
        taken = (!(pins & 1) || video(n) == S_OK) && taken;
        taken = (!(pins & 2) || (audio(2 * n) == S_OK && audio(2 * n + 1) == S_OK)) && taken;
    }
    return taken;
}

bool Stream::pace(DWORD ms, const std::function<bool()> &until)
{
    bool taken = true;
    const DWORD frame = 40;
    DWORD began = GetTickCount(), given = 0;
    while (GetTickCount() - began < ms && !(until && until())) {
        for (; given * frame <= GetTickCount() - began; given++) {
            taken = feed(paced, paced + 1) && taken;
            paced++;
        }
        Sleep(5);
    }
    return taken;
}

void Stream::endAll()
{
    for (int i = 0; i < 2; i++)
        if (pins & 1 << i)
            rig.in[i]->EndOfStream();
}

bool Stream::takesOn(long from)
{
    int before = statistics().video_packets_sent;
    const int wanted = 25;
    if (!feed(from, from + 2 * wanted)) // a whole group of pictures at least
        return false;
    for (DWORD began = GetTickCount(); GetTickCount() - began < soon; Sleep(10))
        if (statistics().video_packets_sent >= before + wanted)
            return true;
    return false;
}

std::vector<int> Stream::statuses()
{
    std::vector<int> numbers;
    for (const Event &e : graph.all(statusEvent))
        numbers.push_back(e.status);
    return numbers;
}

int Stream::times(int status)
{
    int n = 0;
    for (int s : statuses())
        n += s == status;
    return n;
}

bool Stream::reached(int status, int wanted, DWORD ms)
{
    for (DWORD began = GetTickCount(); times(status) < wanted; Sleep(5))
        if (GetTickCount() - began > ms)
            return false;
    return true;
}

bool Stream::quiet(long code, DWORD ms)
{
    int before = graph.count(code);
    Sleep(ms);
    return graph.count(code) == before;
}

rtmp_writer_stats_t Stream::statistics()
{
    rtmp_writer_stats_t stats = {};
    QUIET(options->GetStatistics(&stats) == S_OK, "GetStatistics");
    return stats;
}

Worker::Worker(std::function<void()> f)
    : work(std::move(f)), thread(CreateThread(nullptr, 0, start, this, 0, nullptr))
{
}

Worker::~Worker()
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

DWORD WINAPI Worker::start(void *worker)
{
    ((Worker *)worker)->work();
    return 0;
}

std::string list(const std::vector<int> &numbers)
{
    std::string text;
    for (int n : numbers)
        text += (text.empty() ? "" : " ") + std::to_string(n);
    return text;
}
