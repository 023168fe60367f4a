// publishfile: publishes what Go tests wrote (samplefile.h) through graphs of
// quartz: a push source, the filter under test, and nothing in between.
//
//     publishfile.exe WAY [OPTION=VALUE…] FILE URL [FILE URL…]
//
// WAY says who connects the pins: direct is IGraphBuilder::ConnectDirect, connect
// its Connect, render ICaptureGraphBuilder2::RenderStream. Prints `published URL`
// behind each stream that went out whole.
#include "samplefile.h"
#include "stream.h"

namespace publishfile {

struct Job {
    std::string file, url;
};

static std::string way;
static std::vector<std::pair<std::string, std::string>> options;
static std::vector<Job> jobs;

struct Graph {
    IGraphBuilder *graph = nullptr;
    IBaseFilter *filter = nullptr;
    Source *source = new Source;
    bool good = true; // what has to hold, held

    void need(bool held) { good = good && held; }
    void connect(int pin);
    void render(int pin);
    void run();
    void events(IMediaEvent *event);
};

// connect joins a pin with the filter's of its kind.
void Graph::connect(int pin)
{
    IPin *input = nullptr;
    need(CHECK_HR(filter->FindPin(pin ? L"Audio" : L"Video", &input), S_OK));
    if (!input)
        return;
    if (way == "direct")
        need(CHECK_HR(graph->ConnectDirect(&source->pin[pin], input, nullptr), S_OK));
    else
        need(CHECK_HR(graph->Connect(&source->pin[pin], input), S_OK));
    input->Release();
}

// render lets the capture graph builder look for the pin that fits.
void Graph::render(int pin)
{
    ICaptureGraphBuilder2 *builder = nullptr;
    need(CHECK_HR(CoCreateInstance(CLSID_CaptureGraphBuilder2, nullptr, CLSCTX_INPROC_SERVER, IID_ICaptureGraphBuilder2, (void **)&builder), S_OK));
    if (!builder)
        return;
    need(CHECK_HR(builder->SetFiltergraph(graph), S_OK));
    need(CHECK_HR(builder->RenderStream(nullptr, nullptr, static_cast<IPin *>(&source->pin[pin]), nullptr, filter), S_OK));
    builder->Release();
}

static int filtersIn(IGraphBuilder *graph)
{
    IEnumFilters *all = nullptr;
    IBaseFilter *f = nullptr;
    int n = 0;
    if (SUCCEEDED(graph->EnumFilters(&all)))
        for (; all->Next(1, &f, nullptr) == S_OK; f->Release())
            n++;
    if (all)
        all->Release();
    return n;
}

// events looks at what has been told: one connection, no failure.
void Graph::events(IMediaEvent *event)
{
    long code;
    LONG_PTR one, two;
    int connected = 0;
    while (event->GetEvent(&code, &one, &two, 0) == S_OK) {
        if (code == EC_NANO_RTMP_WRITER_STATUS)
            connected += *(int *)one == RTMPWriterConnected;
        need(QUIET(code != EC_ERRORABORT, "EC_ERRORABORT with 0x%08lx", (unsigned long)one));
        event->FreeEventParams(code, one, two);
    }
    need(CHECK_EQ(connected, 1));
}

void Graph::run()
{
    IMediaControl *control = nullptr;
    IMediaEvent *event = nullptr;
    graph->QueryInterface(IID_IMediaControl, (void **)&control);
    graph->QueryInterface(IID_IMediaEvent, (void **)&event);
    need(CHECK_HR_OF(control->Run(), S_OK, S_FALSE));
    long code = 0;
    need(CHECK_HR(event->WaitForCompletion(60000, &code), S_OK));
    need(CHECK_EQ(code, EC_COMPLETE));
    need(CHECK_HR(control->Stop(), S_OK));
    events(event);
    for (OutPin &p : source->pin)
        if (p.peer)
            need(CHECK(!p.refused && p.endResult == S_OK, "pin %d: %ld samples of %ld were taken, the last answer is %s", int(p.index), long(p.taken), long(p.offered), hrName(p.last).c_str()));
    event->Release();
    control->Release();
}

static bool setOptions(IBaseFilter *filter)
{
    IRTMPOptions *o = nullptr;
    if (FAILED(filter->QueryInterface(IID_IRTMPOptions, (void **)&o)))
        return false;
    bool good = true;
    for (auto &option : options)
        good = CHECK_HR(o->SetOption(wide(option.first).c_str(), wide(option.second).c_str()), S_OK) && good;
    o->Release();
    return good;
}

static bool setURL(IBaseFilter *filter, const std::string &url)
{
    IFileSinkFilter *sink = nullptr;
    if (FAILED(filter->QueryInterface(IID_IFileSinkFilter, (void **)&sink)))
        return false;
    bool good = CHECK_HR(sink->SetFileName(wide(url).c_str(), nullptr), S_OK);
    sink->Release();
    return good;
}

static void publish(const Job &job)
{
    SampleFile file;
    if (!CHECK(file.read(job.file.c_str()), "%s is read", job.file.c_str()))
        return;
    Graph g;
    g.need(CHECK_HR(CoCreateInstance(CLSID_FilterGraph, nullptr, CLSCTX_INPROC_SERVER, IID_IGraphBuilder, (void **)&g.graph), S_OK));
    g.need(CHECK_HR(CoCreateInstance(CLSID_NANO_RTMP_WRITER, nullptr, CLSCTX_INPROC_SERVER, IID_IBaseFilter, (void **)&g.filter), S_OK));
    if (!g.good)
        return;
    g.need(setURL(g.filter, job.url) && setOptions(g.filter));
    g.need(CHECK_HR(g.graph->AddFilter(g.source, L"Source"), S_OK));
    g.need(CHECK_HR(g.graph->AddFilter(g.filter, L"RTMP"), S_OK));
    file.play(g.source);
    for (int i = 0; i < 2; i++) {
        if (!file.connection[i])
            continue;
        // Wine's builder tries the first free input pin only: not for audio alone.
        way == "render" && file.connection[0] ? g.render(i) : g.connect(i);
    }
    g.need(CHECK_EQ(filtersIn(g.graph), 2));
    if (g.good)
        g.run();
    g.need(CHECK_EQ(g.graph->Release(), 0));
    g.need(CHECK_EQ(g.filter->Release(), 0));
    g.need(CHECK_EQ(g.source->Release(), 0));
    if (g.good)
        say("published %s", job.url.c_str());
}

static void publishAll()
{
    limit(600);
    for (const Job &job : jobs)
        publish(job);
}

// run takes the arguments behind the program's name.
static int run(int argc, char **argv)
{
    std::vector<std::string> names;
    for (int i = 1; i < argc; i++) {
        std::string arg = argv[i];
        size_t equals = arg.find('=');
        if (i == 1)
            way = arg;
        else if (names.empty() && equals != std::string::npos)
            options.push_back({ arg.substr(0, equals), arg.substr(equals + 1) });
        else
            names.push_back(arg);
    }
    for (size_t i = 0; i + 1 < names.size(); i += 2)
        jobs.push_back({ names[i], names[i + 1] });
    static const Section all[] = { { 95, "a graph publishes", publishAll } };
    return runSections("publishfile", all, std::size(all), 1, argv);
}

} // namespace publishfile
