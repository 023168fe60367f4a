// quartz.h: a graph of quartz with the filter and the push source.
//
//     Graph g(at("live", "key"));      // both pins connected
//     g.control->Run(); g.completed(5000); g.control->Stop();
// Its end stops and releases all, and checks that nothing is left of the filter.
#pragma once
#include "stream.h"

struct Graph {
    enum Way { Unconnected, Direct, Intelligent };
    IGraphBuilder *graph = nullptr;
    IMediaControl *control = nullptr;
    IMediaEvent *event = nullptr;
    IBaseFilter *filter = nullptr;
    Source *source = nullptr;

    explicit Graph(const std::string &url, int pins = 3, Way way = Direct);
    ~Graph();

    // join puts a filter and a source into the graph.
    static void join(IGraphBuilder *graph, const std::string &url, int pins, Way way, IBaseFilter **filter, Source **source);
    // completed waits for EC_COMPLETE. (WaitForCompletion of Wine answers at once
    // after the first run.)
    bool completed(DWORD ms);
    // await takes events until one with this code has come, and gives its first
    // parameter.
    bool await(long code, DWORD ms, long long *first = nullptr);
    std::vector<int> statuses; // of the events taken
    int filters();
    OAFilterState state();
};
