// quartz.cpp: see quartz.h.
#include "quartz.h"

Graph::Graph(const std::string &url, int pins, Way way)
{
    QUIET(CoCreateInstance(CLSID_FilterGraph, nullptr, CLSCTX_INPROC_SERVER, IID_IGraphBuilder, (void **)&graph) == S_OK, "CLSID_FilterGraph");
    graph->QueryInterface(IID_IMediaControl, (void **)&control);
    graph->QueryInterface(IID_IMediaEvent, (void **)&event);
    join(graph, url, pins, way, &filter, &source);
}

void Graph::join(IGraphBuilder *graph, const std::string &url, int pins, Way way, IBaseFilter **filter, Source **source)
{
    *filter = newFilter();
    *source = new Source;
    if (!url.empty())
        QUIET(setURL(*filter, url.c_str()) == S_OK, "SetFileName");
    QUIET(graph->AddFilter(*source, L"Source") >= S_OK, "AddFilter of the source");
    QUIET(graph->AddFilter(*filter, L"RTMP") >= S_OK, "AddFilter of the filter");
    for (int i = 0; i < 2; i++) {
        (*source)->pin[i].next = i ? clip::audioSamples(50) : clip::videoSamples(clip::Annex4, 25);
        if (!(pins & 1 << i) || way == Unconnected)
            continue;
        IPin *in = pinAt(*filter, i);
        HRESULT hr = way == Direct ? graph->ConnectDirect(&(*source)->pin[i], in, nullptr) : graph->Connect(&(*source)->pin[i], in);
        QUIET(hr == S_OK, "pin %d is connected: %s", i, hrName(hr).c_str());
        in->Release();
    }
}

Graph::~Graph()
{
    if (control) {
        control->Stop();
        control->Release();
    }
    if (event)
        event->Release();
    if (graph) {
        ULONG left = graph->Release();
        QUIET(left == 0, "the graph's last Release gives %lu, not 0", (unsigned long)left);
    }
    ULONG left = filter->Release();
    QUIET(left == 0, "the filter's last Release gives %lu, not 0", (unsigned long)left);
    QUIET(source->refs == 1, "the source has %ld references, not 1", long(source->refs));
    source->Release();
}

bool Graph::completed(DWORD ms)
{
    long long hr = -1;
    return await(EC_COMPLETE, ms, &hr) && QUIET(hr == S_OK, "EC_COMPLETE with %lld", hr);
}

// GetEvent of Wine gives up early now and then: its event outlives what it told.
bool Graph::await(long code, DWORD ms, long long *first)
{
    for (DWORD began = GetTickCount();; Sleep(5)) {
        long got;
        LONG_PTR one, two;
        while (event->GetEvent(&got, &one, &two, 0) == S_OK) {
            if (got == statusEvent)
                statuses.push_back(*(int *)one);
            if (first && got == code)
                *first = one;
            event->FreeEventParams(got, one, two);
            if (got == code)
                return true;
        }
        if (GetTickCount() - began > ms)
            return false;
    }
}

int Graph::filters()
{
    IEnumFilters *all = nullptr;
    IBaseFilter *f = nullptr;
    int n = 0;
    if (FAILED(graph->EnumFilters(&all)))
        return -1;
    for (; all->Next(1, &f, nullptr) == S_OK; f->Release())
        n++;
    all->Release();
    return n;
}

OAFilterState Graph::state()
{
    OAFilterState state = -1;
    control->GetState(0, &state);
    return state;
}
