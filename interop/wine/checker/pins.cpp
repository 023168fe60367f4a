// pins.cpp: IPersist, IMediaFilter and IBaseFilter of a filter that stands alone
// (items 18–27), and the program pins.exe.
#include "pins.h"

void classID()
{
    IBaseFilter *filter = newFilter();
    CLSID id = GUID_NULL;
    CHECK_HR(filter->GetClassID(&id), S_OK);
    CHECK(id == clsidRenderer, "the class that it was created by");
    filter->Release();
}

void newState()
{
    IBaseFilter *filter = newFilter();
    FILTER_STATE state = State_Running;
    CHECK_HR(filter->GetState(0, &state), S_OK);
    CHECK_EQ(state, State_Stopped);
    filter->Release();
}

void infoAlone()
{
    IBaseFilter *filter = newFilter();
    FILTER_INFO info;
    memset(&info, 0xcc, sizeof info);
    CHECK_HR(filter->QueryFilterInfo(&info), S_OK);
    CHECK(!info.achName[0], "the name is empty");
    CHECK(!info.pGraph, "no graph");
    filter->Release();
}

void infoInGraph()
{
    IBaseFilter *filter = newFilter();
    FakeGraph graph;
    FILTER_INFO info = {};
    CHECK_HR(filter->JoinFilterGraph(&graph, L"a name"), S_OK);
    CHECK(graph.refs == 1, "the filter holds no reference on the graph: %ld", (long)graph.refs);
    CHECK_HR(filter->QueryFilterInfo(&info), S_OK);
    CHECK(!lstrcmpW(info.achName, L"a name"), "the name comes back: %s", narrow(info.achName).c_str());
    CHECK(info.pGraph == &graph, "the graph comes back");
    CHECK(graph.refs == 2, "with one reference for the caller: %ld", (long)graph.refs);
    graph.Release();
    CHECK_HR(filter->JoinFilterGraph(nullptr, nullptr), S_OK);
    CHECK_HR(filter->QueryFilterInfo(&info), S_OK);
    CHECK(!info.pGraph, "no graph after leaving it");
    CHECK_EQ(graph.refs, 1);
    FakeGraph deaf(false);
    CHECK_HR(filter->JoinFilterGraph(&deaf, L"without events"), S_OK);
    CHECK_EQ(deaf.refs, 1);
    CHECK_HR(filter->JoinFilterGraph(nullptr, nullptr), S_OK);
    CHECK_EQ(filter->Release(), 0);
}

void graphNames()
{
    IBaseFilter *filter = newFilter();
    FakeGraph graph;
    for (int length : { 0, 1, 126, 127, 128, 129, 200, 10000 }) {
        std::wstring name(length, L'n');
        FILTER_INFO info;
        memset(&info, 0xcc, sizeof info);
        QUIET(filter->JoinFilterGraph(&graph, name.c_str()) == S_OK, "JoinFilterGraph with a name of %d characters", length);
        filter->QueryFilterInfo(&info);
        int back = 0;
        while (back < 128 && info.achName[back] == L'n')
            back++;
        CHECK(back == std::min(length, 127) && back < 128 && !info.achName[back], "of %d characters %d come back, ended", length, back);
        if (info.pGraph)
            info.pGraph->Release();
    }
    FILTER_INFO info;
    memset(&info, 0xcc, sizeof info);
    CHECK_HR(filter->JoinFilterGraph(&graph, nullptr), S_OK);
    CHECK_HR(filter->QueryFilterInfo(&info), S_OK);
    CHECK(!info.achName[0] && info.pGraph == &graph, "a NULL name reads back empty");
    graph.Release();
    filter->JoinFilterGraph(nullptr, nullptr);
    CHECK_EQ(filter->Release(), 0);
}

void vendorInfo()
{
    IBaseFilter *filter = newFilter();
    LPWSTR text = nullptr;
    HRESULT hr = filter->QueryVendorInfo(&text);
    CHECK(hr == E_NOTIMPL || (hr == S_OK && ofTaskMemory(text)), "QueryVendorInfo: %s %s", hrName(hr).c_str(), narrow(hr == S_OK ? text : L"").c_str());
    if (hr == S_OK)
        CoTaskMemFree(text);
    CHECK_HR_OF(filter->QueryVendorInfo(nullptr), E_NOTIMPL, E_POINTER, E_INVALIDARG);
    filter->Release();
}

// checkClock checks that the filter has this clock and holds `held` references.
static void checkClock(IBaseFilter *filter, FakeClock *clock, const char *when)
{
    IReferenceClock *got = (IReferenceClock *)1;
    HRESULT hr = filter->GetSyncSource(&got);
    CHECK(hr == S_OK && got == clock, "GetSyncSource %s: %s, %s", when, hrName(hr).c_str(), got == clock ? "the clock" : "another");
    if (!clock || got != clock)
        return;
    CHECK(clock->refs == 3, "%s the filter holds one reference, the caller got one: %ld", when, (long)clock->refs - 1);
    clock->Release();
}

void syncSource()
{
    FakeClock one, two;
    {
        Rig rig(1, dataURL());
        checkClock(rig.filter, nullptr, "at first");
        CHECK_HR(rig.filter->SetSyncSource(&one), S_OK);
        checkClock(rig.filter, &one, "when set");
        CHECK_HR(rig.filter->SetSyncSource(&one), S_OK);
        checkClock(rig.filter, &one, "when set twice");
        CHECK_HR(rig.filter->SetSyncSource(&two), S_OK);
        CHECK_EQ(one.refs, 1);
        checkClock(rig.filter, &two, "when replaced");
        CHECK_HR(rig.filter->SetSyncSource(nullptr), S_OK);
        CHECK_EQ(two.refs, 1);
        checkClock(rig.filter, nullptr, "when taken away");
        rig.run();
        CHECK_HR(rig.filter->SetSyncSource(&one), S_OK);
        checkClock(rig.filter, &one, "while running");
        CHECK_HR(rig.filter->SetSyncSource(nullptr), S_OK);
        CHECK_EQ(one.refs, 1);
        CHECK_HR(rig.filter->SetSyncSource(&two), S_OK);
        rig.stop();
        checkClock(rig.filter, &two, "after Stop");
    }
    CHECK(two.refs == 1, "the filter's end releases the clock: %ld", (long)two.refs);
}

void filterNull()
{
    IBaseFilter *filter = newFilter();
    ULONG before = references(filter);
    IPin *pin = (IPin *)1;
    CHECK_SAFE(filter->GetClassID(nullptr));
    CHECK_SAFE(filter->GetState(0, nullptr));
    CHECK_SAFE(filter->GetSyncSource(nullptr));
    CHECK_SAFE(filter->EnumPins(nullptr));
    CHECK_SAFE(filter->FindPin(L"Video", nullptr));
    CHECK_SAFE(filter->FindPin(nullptr, nullptr));
    CHECK_HR_OF(filter->FindPin(nullptr, &pin), E_POINTER, E_INVALIDARG, VFW_E_NOT_FOUND);
    CHECK(!pin || pin == (IPin *)1, "FindPin(NULL) finds nothing");
    CHECK_SAFE(filter->QueryFilterInfo(nullptr));
    CHECK_EQ(references(filter), before);
    filter->Release();
}

void statesUnconnected()
{
    IBaseFilter *filter = newFilter();
    Listener listener;
    FakeGraph graph;
    QUIET(setURL(filter, listener.url().c_str()) == S_OK, "SetFileName");
    filter->JoinFilterGraph(&graph, L"renderer");
    struct Step {
        const char *name;
        FILTER_STATE state;
    };
    for (Step step : { Step{ "Pause", State_Paused }, { "Run", State_Running }, { "Pause", State_Paused }, { "Stop", State_Stopped }, { "Run", State_Running }, { "Stop", State_Stopped } }) {
        HRESULT hr = step.state == State_Paused ? filter->Pause() : step.state == State_Running ? filter->Run(0) : filter->Stop();
        CHECK(hr == S_OK, "%s: %s", step.name, hrName(hr).c_str());
        FILTER_STATE state = FILTER_STATE(-1);
        CHECK_HR(filter->GetState(0, &state), S_OK);
        CHECK_EQ(state, step.state);
        if (step.state == State_Running)
            Sleep(700);
    }
    CHECK(listener.accepted == 0, "no network connection is opened: %ld", (long)listener.accepted);
    CHECK(graph.count(EC_COMPLETE) == 0, "no EC_COMPLETE");
    filter->JoinFilterGraph(nullptr, nullptr);
    CHECK_EQ(filter->Release(), 0);
}

void miscFlags()
{
    IBaseFilter *filter = newFilter();
    auto misc = query<IAMFilterMiscFlags>(filter);
    if (CHECK(misc, "the filter has IAMFilterMiscFlags")) {
        ULONG flags = misc->GetMiscFlags();
        CHECK(flags & AM_FILTER_MISC_FLAGS_IS_RENDERER, "it is a renderer: %lx", (unsigned long)flags);
        CHECK(!(flags & AM_FILTER_MISC_FLAGS_IS_SOURCE), "it is no source: %lx", (unsigned long)flags);
        misc->Release();
    }
    filter->Release();
}

// One unit, since each part reads the same large headers.
#include "enumerate.cpp"
#include "types.cpp"
#include "oddtypes.cpp"
#include "connect.cpp"
#include "input.cpp"
#include "seeking.cpp"

int main(int argc, char **argv)
{
    static const Section all[] = {
        { 18, "GetClassID", classID },
        { 19, "a new filter", newState },
        { 20, "QueryFilterInfo without a graph", infoAlone },
        { 21, "JoinFilterGraph", infoInGraph },
        { 22, "the filter's name", graphNames },
        { 23, "QueryVendorInfo", vendorInfo },
        { 24, "SetSyncSource", syncSource },
        { 25, "NULL in IBaseFilter", filterNull },
        { 26, "states with no pin connected", statesUnconnected },
        { 27, "IAMFilterMiscFlags", miscFlags },
        { 28, "IMediaSeeking", seeking },
        { 29, "two pins", twoPins },
        { 30, "IEnumPins::Next", enumeratePins },
        { 31, "Next without a count", nextWithoutCount },
        { 32, "Skip, Reset, Clone", skipResetClone },
        { 33, "QueryId and FindPin", findByID },
        { 34, "FindPin of other names", findOthers },
        { 35, "QueryPinInfo", pinInfo },
        { 36, "QueryInternalConnections", internalConnections },
        { 37, "NULL in IPin", pinNull },
        { 38, "video types", videoTypes },
        { 39, "audio types", audioTypes },
        { 40, "refused types", refusedTypes },
        { 41, "short format blocks", shortBlocks },
        { 42, "codec data longer than the block", longHeaders },
        { 43, "legal oddities", legalOddities },
        { 44, "QueryAccept leaves the type alone", queryAcceptKeeps },
        { 45, "EnumMediaTypes", enumerateTypes },
        { 46, "ReceiveConnection", receiveConnection },
        { 47, "connected", connected },
        { 48, "unconnected", unconnected },
        { 49, "Connect on an input pin", connectOnInput },
        { 50, "Disconnect", disconnects },
        { 51, "GetAllocator", getAllocator },
        { 52, "NotifyAllocator", notifyAllocator },
        { 53, "GetAllocatorRequirements", allocatorRequirements },
        { 54, "ReceiveCanBlock", canBlock },
        { 55, "ReceiveMultiple", receiveMultiple },
        { 56, "NULL in IMemInputPin", inputNull },
        { 57, "Receive unconnected", receiveUnconnected },
        { 58, "the order of refusals", refusals },
    };
    return runSections("pins", all, std::size(all), argc, argv);
}
