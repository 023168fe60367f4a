// graph: the filter in graphs of quartz (95 to 103). The URL is that of a server
// that takes everything, with a slash behind it.
#include "quartz.h"
#include <numeric>

namespace graph {

static void thrice()
{
    for (Graph::Way way : { Graph::Direct, Graph::Intelligent }) {
        Graph g(at("live", way == Graph::Direct ? "graph95d" : "graph95i"), 3, way);
        CHECK_EQ(g.filters(), 2);
        for (int round = 0; round < 3; round++) {
            CHECK_HR_OF(g.control->Run(), S_OK, S_FALSE);
            long code = 0;
            if (!round)
                CHECK(g.event->WaitForCompletion(10000, &code) == S_OK && code == EC_COMPLETE, "WaitForCompletion");
            CHECK(g.completed(10000), "round %d completes", round);
            CHECK_HR(g.control->Stop(), S_OK);
            for (OutPin &p : g.source->pin)
                QUIET(!p.refused && p.taken == (p.index ? 50 : 25), "pin %ld: %ld samples taken", long(p.index), long(p.taken));
        }
        g.await(EC_USERABORT, 100); // takes what is left
        CHECK(list(g.statuses) == "0 1 0 1 0 1", "the graph was told of the status: %s", list(g.statuses).c_str());
    }
}

// Audio alone is left out: Wine's builder knows of the first free input pin only,
// and tries no other.
static void rendered()
{
    for (int pins : { 1, 3 }) {
        Graph g(at("live", "graph96"), pins, Graph::Unconnected);
        ICaptureGraphBuilder2 *builder = nullptr;
        CoCreateInstance(CLSID_CaptureGraphBuilder2, nullptr, CLSCTX_INPROC_SERVER, IID_ICaptureGraphBuilder2, (void **)&builder);
        if (!CHECK(builder, "ICaptureGraphBuilder2"))
            return;
        builder->SetFiltergraph(g.graph);
        for (int i = 0; i < 2; i++) {
            if (!(pins & 1 << i))
                continue;
            OutPin &out = g.source->pin[i];
            HRESULT hr = builder->RenderStream(nullptr, nullptr, static_cast<IPin *>(&out), nullptr, g.filter);
            IPin *in = pinAt(g.filter, i), *peer = nullptr;
            in->ConnectedTo(&peer);
            CHECK(hr == S_OK && peer == &out, "RenderStream joins pin %d with the one that fits (of %d): %s", i, pins, hrName(hr).c_str());
            if (peer)
                peer->Release();
            in->Release();
        }
        builder->Release();
        CHECK_EQ(g.filters(), 2);
        g.control->Run();
        CHECK(g.completed(10000), "it completes");
    }
}

static void live()
{
    Graph g(at("live", "graph97"));
    g.source->live = true;
    for (OutPin &p : g.source->pin)
        p.realTime = true;
    CHECK_HR_OF(g.control->Pause(), S_OK, S_FALSE);
    OAFilterState state = -1;
    CHECK_HR_OF(g.control->GetState(2000, &state), S_OK, VFW_S_CANT_CUE);
    CHECK_HR_OF(g.control->Run(), S_OK, S_FALSE);
    CHECK(g.completed(10000), "it completes");
    CHECK_HR(g.control->Stop(), S_OK);
    CHECK_EQ(g.source->pin[0].taken, 25);
}

static void onePin()
{
    for (int pin = 0; pin < 2; pin++) {
        Graph g(at("live", pin ? "graph98a" : "graph98v"), 1 << pin);
        CHECK_HR_OF(g.control->Run(), S_OK, S_FALSE);
        CHECK(g.completed(10000), "it completes with pin %d alone", pin);
    }
}

static void removed()
{
    Graph g(at("live", "graph99"));
    for (OutPin &p : g.source->pin)
        p.next = p.index ? clip::audioSamples() : clip::videoSamples(), p.realTime = true;
    g.control->Run();
    CHECK(g.await(statusEvent, soon), "it runs");
    g.source->Stop(); // Wine disconnects its pins in any case
    Timed call;
    HRESULT hr = g.graph->RemoveFilter(g.filter);
    CHECK_BETWEEN(call.ms(), 0, 5000);
    if (hr == VFW_E_NOT_STOPPED) {
        CHECK(stateOf(g.filter) == State_Running, "the graph refuses, and the filter runs on");
        g.control->Stop();
        CHECK_HR(g.graph->RemoveFilter(g.filter), S_OK);
    }
    CHECK_EQ(stateOf(g.filter), State_Stopped);
    IPin *in = pinAt(g.filter, 0), *peer = nullptr;
    CHECK_HR(in->ConnectedTo(&peer), VFW_E_NOT_CONNECTED);
    FILTER_INFO info = {};
    g.filter->QueryFilterInfo(&info);
    CHECK(!info.pGraph, "it has let go of the graph");
    g.control->Stop();
    g.source->pin[0].Disconnect();
    g.source->pin[1].Disconnect();
    CHECK_HR_OF(g.graph->AddFilter(g.filter, L"again"), S_OK, VFW_S_DUPLICATE_NAME);
    g.source->pin[0].next = clip::videoSamples(clip::Annex4, 25);
    CHECK_HR(g.graph->ConnectDirect(&g.source->pin[0], in, nullptr), S_OK);
    in->Release();
    g.control->Run();
    CHECK(g.completed(10000), "it works after being added again");
}

static void releasedRunning()
{
    limit(40);
    for (const char *app : { "live", "stall" }) {
        IGraphBuilder *graph = nullptr;
        CoCreateInstance(CLSID_FilterGraph, nullptr, CLSCTX_INPROC_SERVER, IID_IGraphBuilder, (void **)&graph);
        IBaseFilter *filter;
        Source *source;
        Graph::join(graph, at(app, "graph100"), 3, Graph::Direct, &filter, &source);
        for (OutPin &p : source->pin)
            p.next = p.index ? clip::audioSamples() : clip::videoSamples(); // as fast as it is taken: blocked with "stall"
        IMediaControl *control = nullptr;
        graph->QueryInterface(IID_IMediaControl, (void **)&control);
        control->Run();
        source->pin[0].waitTaken(30, soon);
        control->Release();
        Timed call;
        CHECK_EQ(graph->Release(), 0);
        CHECK_BETWEEN(call.ms(), 0, 15000);
        CHECK(!source->pin[0].running && !source->pin[1].running, "the source's threads have ended");
        source->pin[0].Disconnect();
        source->pin[1].Disconnect();
        CHECK_EQ(filter->Release(), 0);
        CHECK_EQ(source->Release(), 0);
    }
}

// anyOrder releases what a program holds in every order.
static void anyOrder()
{
    Resources before = {};
    for (int connected = 0; connected < 2; connected++) {
        int order[5];
        std::iota(order, order + 5, 0);
        int rounds = 0;
        do {
            IGraphBuilder *graph = nullptr;
            CoCreateInstance(CLSID_FilterGraph, nullptr, CLSCTX_INPROC_SERVER, IID_IGraphBuilder, (void **)&graph);
            IBaseFilter *filter = newFilter();
            Source *source = new Source;
            graph->AddFilter(source, L"Source");
            graph->AddFilter(filter, L"RTMP");
            IPin *pin = pinAt(filter, 0);
            auto mem = query<IMemInputPin>(pin);
            IEnumPins *pins = nullptr;
            filter->EnumPins(&pins);
            if (connected)
                QUIET(graph->ConnectDirect(&source->pin[0], pin, nullptr) == S_OK, "it is connected");
            IUnknown *held[] = { graph, filter, pin, mem, pins };
            ULONG left = 0;
            for (int i : order)
                left = held[i]->Release();
            QUIET(left == 0, "order %d: the last Release gives %lu", rounds, (unsigned long)left);
            QUIET(source->refs == 1, "order %d: %ld references on the source", rounds, long(source->refs));
            source->Release();
            if (++rounds == 60)
                before = Resources::now();
        } while (std::next_permutation(order, order + 5) && !(connected && rounds >= 60));
        CHECK(rounds >= 60, "%d orders%s", rounds, connected ? ", connected" : "");
    }
    checkLeft(before, 4, 4, 8192);
}

static void two()
{
    {
        Graph g(at("live", "graph102a"));
        IBaseFilter *filter;
        Source *source;
        Graph::join(g.graph, at("live", "graph102b"), 3, Graph::Direct, &filter, &source);
        for (OutPin &p : source->pin) { // ends after 2 s, the other one at once
            p.next = p.index ? clip::audioSamples(86) : clip::videoSamples(clip::Annex4, 50);
            p.realTime = true;
        }
        g.control->Run();
        Timed both;
        CHECK(g.completed(10000), "the graph completes");
        CHECK(both.real() >= 1500 && both.ms() <= 9000, "both take their time: %lu ms, %lu of the clock", (unsigned long)both.ms(), (unsigned long)both.real());
        g.control->Stop();
        g.graph->RemoveFilter(filter);
        g.graph->RemoveFilter(source);
        CHECK_EQ(filter->Release(), 0);
        CHECK_EQ(source->Release(), 0);
    }
    Graph a(at("live", "graph102c")), b(at("live", "graph102d"));
    a.source->pin[0].realTime = a.source->pin[1].realTime = true;
    a.control->Run();
    b.control->Run();
    CHECK(b.completed(10000), "one graph completes");
    b.control->Stop();
    CHECK(a.completed(10000), "and the other");
    CHECK(!a.source->pin[0].refused && !b.source->pin[0].refused, "nothing is refused");
}

static void realTime()
{
    const LONG pictures = 125; // 5 s
    for (bool paced : { true, false }) {
        Graph g(at("live", paced ? "graph103p" : "graph103"));
        g.source->pin[0].next = clip::videoSamples(clip::Annex4, pictures);
        g.source->pin[1].next = clip::audioSamples(215);
        for (OutPin &p : g.source->pin)
            p.realTime = paced;
        auto media = query<IMediaFilter>(g.graph);
        IReferenceClock *clock = nullptr;
        g.graph->SetDefaultSyncSource();
        CHECK(media->GetSyncSource(&clock) == S_OK && clock, "the graph has a clock");
        if (clock)
            clock->Release();
        media->Release();
        Timed all;
        g.control->Run();
        CHECK(g.completed(15000), "it completes");
        if (paced)
            CHECK(all.real() >= 4700 && all.ms() <= 6500, "5 s take about 5 s: %lu ms, %lu of the clock", (unsigned long)all.ms(), (unsigned long)all.real());
        else
            CHECK_BETWEEN(all.ms(), 0, 3000); // not held for their presentation time
        CHECK_EQ(g.source->pin[0].taken, pictures);
        CHECK_EQ(g.source->pin[0].refused + g.source->pin[1].refused, 0);
    }
}

static const Section all[] = {
    { 95, "built, run and completed three times", thrice },
    { 96, "RenderStream", rendered },
    { 97, "a live source", live },
    { 98, "one pin connected", onePin },
    { 99, "removed while it runs", removed },
    { 100, "a graph released while it runs", releasedRunning },
    { 101, "released in any order", anyOrder },
    { 102, "two filters, two graphs", two },
    { 103, "real time", realTime },
};

} // namespace graph

static const Program graphProgram("graph", graph::all, std::size(graph::all));
