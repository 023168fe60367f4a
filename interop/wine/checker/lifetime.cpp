// lifetime.cpp: what keeps the filter alive and what it leaves behind (items 10, 15
// and 101).
#include "com.h"
#include <algorithm>
#include <random>

// A clock that the filter holds tells when the filter has ended: it is released.
struct Pulse {
    FakeClock clock;
    explicit Pulse(IBaseFilter *filter) { watch(filter); }
    void watch(IBaseFilter *filter) { filter->SetSyncSource(&clock); }
    bool alive() const { return clock.refs > 1; }
};

// filterOf finds the filter behind one of its objects, with a reference; NULL for a
// type enumerator, which does not know.
static IBaseFilter *filterOf(IUnknown *object)
{
    if (auto filter = query<IBaseFilter>(object))
        return filter;
    IPin *pin = query<IPin>(object);
    if (auto all = query<IEnumPins>(object)) {
        all->Reset();
        all->Next(1, &pin, nullptr);
        all->Release();
    }
    PIN_INFO info = {};
    if (pin) {
        pin->QueryPinInfo(&info);
        pin->Release();
    }
    return info.pFilter;
}

static void keptBy(const char *name, IUnknown *(*take)(IBaseFilter *))
{
    IBaseFilter *filter = newFilter();
    Pulse pulse(filter);
    IUnknown *holder = take(filter);
    CHECK(filter->Release() > 0, "%s: releasing the filter is not its end", name);
    CHECK(pulse.alive(), "%s keeps the filter alive", name);
    IBaseFilter *found = filterOf(holder);
    if (CHECK(found, "%s goes on working", name)) {
        CHECK_EQ(stateOf(found), State_Stopped);
        IPin *pin = pinAt(found, 1);
        CHECK(pin, "%s: the filter has its pins", name);
        if (pin)
            pin->Release();
        found->Release();
    }
    holder->Release();
    CHECK(!pulse.alive(), "%s was the last that kept the filter", name);
}

void pinKeepsFilter()
{
    keptBy("a video pin", [](IBaseFilter *f) -> IUnknown * { return pinAt(f, 0); });
    keptBy("an audio pin", [](IBaseFilter *f) -> IUnknown * { return pinAt(f, 1); });
    keptBy("a pin enumerator", [](IBaseFilter *f) -> IUnknown * {
        IEnumPins *all = nullptr;
        f->EnumPins(&all);
        return all;
    });
    keptBy("an IMemInputPin", [](IBaseFilter *f) -> IUnknown * {
        IPin *pin = pinAt(f, 0);
        auto mem = query<IMemInputPin>(pin);
        pin->Release();
        return mem;
    });
}

void leavesNothing()
{
    limit(45);
    auto rounds = [](int count) {
        for (int i = 0; i < count; i++) {
            Objects objects;
            setURL(objects.filter, checkURL());
            objects.filter->Pause();
            objects.filter->Stop();
        }
    };
    rounds(100); // what is made once
    Resources before = Resources::now();
    rounds(200);
    checkLeft(before, 8, 2, 4096);
}

// Whole is everything of one filter in one graph, each with its reference.
struct Whole {
    std::vector<IUnknown *> all;
    IGraphBuilder *graph = nullptr;
    Source *source = new Source;
    Whole()
    {
        IBaseFilter *filter = newFilter();
        QUIET(CoCreateInstance(CLSID_FilterGraph, nullptr, CLSCTX_INPROC_SERVER, IID_IGraphBuilder, (void **)&graph) == S_OK, "a filter graph");
        setURL(filter, checkURL());
        QUIET(graph->AddFilter(source, L"source") == S_OK && graph->AddFilter(filter, L"renderer") == S_OK, "AddFilter");
        all = { filter, graph };
        for (int i = 0; i < 2; i++) {
            IPin *pin = pinAt(filter, i);
            QUIET(graph->ConnectDirect(&source->pin[i], pin, nullptr) == S_OK, "ConnectDirect of pin %d", i);
            IEnumMediaTypes *types = nullptr;
            pin->EnumMediaTypes(&types);
            all.insert(all.end(), { pin, query<IMemInputPin>(pin), types });
        }
        IEnumPins *pins = nullptr;
        filter->EnumPins(&pins);
        all.push_back(pins);
    }
};

static void releaseInOrder(unsigned seed)
{
    Whole whole;
    std::shuffle(whole.all.begin(), whole.all.end(), std::minstd_rand(seed));
    IBaseFilter *filter = nullptr;
    for (IUnknown *object : whole.all)
        if (!filter)
            filter = filterOf(object);
    Pulse pulse(filter);
    filter->Release();
    for (size_t i = 0; i < whole.all.size(); i++) {
        bool graph = whole.all[i] == whole.graph;
        whole.all[i]->Release();
        if (!graph)
            continue;
        // The graph took its clock away; the filter gets it again, where one is left.
        for (size_t j = i + 1; j < whole.all.size(); j++)
            if (IBaseFilter *left = filterOf(whole.all[j])) {
                pulse.watch(left);
                left->Release();
                break;
            }
    }
    QUIET(!pulse.alive(), "order %u: the filter is gone with the last of it", seed);
    QUIET(whole.source->refs == 1, "order %u: the source has %ld references", seed, (long)whole.source->refs);
    whole.source->Release();
}

// handlesOfGraph is what a graph itself leaves behind: Wine 8's leaves one.
static DWORD handlesOfGraph()
{
    const int rounds = 10;
    DWORD before = 0;
    for (int i = 0; i <= rounds; i++) {
        IGraphBuilder *graph = nullptr;
        CoCreateInstance(CLSID_FilterGraph, nullptr, CLSCTX_INPROC_SERVER, IID_IGraphBuilder, (void **)&graph);
        graph->Release();
        if (!i)
            before = handlesOfProcess();
    }
    return (handlesOfProcess() - before) / rounds;
}

void anyOrder()
{
    limit(45);
    DWORD perGraph = handlesOfGraph();
    for (unsigned seed = 0; seed < 20; seed++)
        releaseInOrder(seed);
    Resources before = Resources::now();
    for (unsigned seed = 20; seed < 60; seed++)
        releaseInOrder(seed);
    checkLeft(before, 8 + 40 * perGraph, 2, 4096);
}
