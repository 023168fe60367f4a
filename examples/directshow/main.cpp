// Publishes an FLV file through a DirectShow graph: a push source of this
// program's, and the RTMP Writer's filter behind it.
#define INITGUID // this file holds the GUIDs of RTMPWriterOptions.h
#include "writer.h"

#include "events.h"
#include "pushsource.h"
#include "text.h"

#include <stdio.h>

#ifdef _MSC_VER
#pragma comment(lib, "strmiids.lib")
#pragma comment(lib, "quartz.lib")
#pragma comment(lib, "ole32.lib")
#pragma comment(lib, "oleaut32.lib")
#endif

namespace {

HANDLE interrupted; // set by Ctrl+C

BOOL WINAPI onConsole(DWORD)
{
    SetEvent(interrupted);
    return TRUE;
}

// Graph is the filter graph with the interfaces that are needed of it.
struct Graph {
    IGraphBuilder *builder;
    IMediaControl *control;
    IMediaEventEx *events;
    IMediaFilter *filter;

    Graph() : builder(NULL), control(NULL), events(NULL), filter(NULL) {}
    ~Graph()
    {
        IUnknown *all[] = {filter, events, control, builder};
        for (int i = 0; i < 4; i++)
            if (all[i])
                all[i]->Release();
    }
    HRESULT Create()
    {
        HRESULT hr = CoCreateInstance(CLSID_FilterGraph, NULL, CLSCTX_INPROC_SERVER, IID_IGraphBuilder, (void **)&builder);
        if (SUCCEEDED(hr))
            hr = builder->QueryInterface(IID_IMediaControl, (void **)&control);
        if (SUCCEEDED(hr))
            hr = builder->QueryInterface(IID_IMediaEventEx, (void **)&events);
        if (SUCCEEDED(hr))
            hr = builder->QueryInterface(IID_IMediaFilter, (void **)&filter);
        return hr;
    }
};

bool failed(HRESULT hr, const std::string &what)
{
    if (SUCCEEDED(hr))
        return false;
    fprintf(stderr, "%s: %s\n", what.c_str(), ErrorText(hr).c_str());
    return true;
}

// connectPins joins each pin of the source to the pin of the same name.
HRESULT connectPins(IGraphBuilder *graph, PushSource *source, IBaseFilter *writer)
{
    for (ULONG i = 0; source->PinAt(i); i++) {
        IPin *in;
        HRESULT hr = writer->FindPin(source->PinAt(i)->Name(), &in);
        if (SUCCEEDED(hr)) {
            hr = graph->ConnectDirect(source->PinAt(i), in, NULL);
            in->Release();
        }
        if (FAILED(hr))
            return hr;
    }
    return S_OK;
}

HRESULT connectFirst(IBaseFilter *writer)
{
    IRTMPOptions *options;
    HRESULT hr = writer->QueryInterface(IID_IRTMPOptions, (void **)&options);
    if (FAILED(hr))
        return hr;
    hr = options->ConnectServer(); // waits, within connect-timeout
    options->Release();
    return hr;
}

HRESULT setHandler(IBaseFilter *writer, RTMPStatusNotifyHandler handler)
{
    IRTMPStatusNotify *notify;
    HRESULT hr = writer->QueryInterface(IID_IRTMPStatusNotify, (void **)&notify);
    if (FAILED(hr))
        return hr;
    hr = notify->SetStatusNotifyHandler(handler, NULL);
    notify->Release();
    return hr;
}

// watch prints events until the last one, Ctrl+C, or the end of the time.
Outcome watch(const Graph &graph, IBaseFilter *writer, const Settings &settings)
{
    HANDLE told = NULL;
    graph.events->GetEventHandle((OAEVENT *)&told); // the graph's: it is not closed here
    const DWORD began = GetTickCount();
    for (;;) {
        long code;
        LONG_PTR p1, p2;
        while (graph.events->GetEvent(&code, &p1, &p2, 0) == S_OK) {
            Outcome outcome = RUNNING;
            if (code != EC_NANO_RTMP_WRITER_STATUS || !settings.callback)
                outcome = PrintEvent(writer, code, p1, p2);
            graph.events->FreeEventParams(code, p1, p2);
            if (outcome != RUNNING)
                return outcome;
        }
        DWORD wait = INFINITE, run = GetTickCount() - began;
        if (settings.seconds) {
            if (run >= settings.seconds * 1000)
                return RUNNING;
            wait = settings.seconds * 1000 - run;
        }
        HANDLE either[] = {interrupted, told};
        if (WaitForMultipleObjects(2, either, FALSE, wait) == WAIT_OBJECT_0)
            return RUNNING;
    }
}

// publish builds the graph and runs it: 0 when all was sent.
int publish(const Settings &settings, PushSource *source, IBaseFilter *writer)
{
    std::string what;
    HRESULT hr = Configure(writer, settings, &what);
    if (failed(hr, what))
        return 1;
    Graph graph;
    if (failed(graph.Create(), "the filter graph"))
        return 1;
    if (failed(graph.builder->AddFilter(source, L"FLV file"), "adding the source") ||
        failed(graph.builder->AddFilter(writer, L"RTMP Writer"), "adding the writer") ||
        failed(connectPins(graph.builder, source, writer), "connecting the pins"))
        return 1;
    if (settings.fast && failed(graph.filter->SetSyncSource(NULL), "taking the clock away"))
        return 1;
    if (settings.callback && failed(setHandler(writer, OnStatus), "the status handler"))
        return 1;
    printf("publishing %s to %s\n", Utf8(settings.file.c_str()).c_str(), ShownUrl(settings.url).c_str());
    fflush(stdout);
    if ((settings.connectFirst || settings.lowLatency) && failed(connectFirst(writer), "connecting"))
        return 1;
    if (failed(graph.control->Run(), "starting the graph")) {
        graph.control->Stop(); // some filters have begun
        return 1;
    }
    Outcome outcome = watch(graph, writer, settings);

    DWORD before = GetTickCount();
    graph.control->Stop();
    printf("stopped in %lu ms\n", (unsigned long)(GetTickCount() - before));
    if (settings.callback)
        setHandler(writer, NULL);
    for (ULONG i = 0; source->PinAt(i); i++) {
        PushPin *pin = source->PinAt(i);
        printf("%s: %ld samples delivered%s%s\n", Utf8(pin->Name()).c_str(), (long)pin->Delivered(), pin->Answer() == S_OK ? "" : "; the next was refused: ",
               pin->Answer() == S_OK ? "" : ErrorText(pin->Answer()).c_str());
    }
    return outcome == COMPLETE ? 0 : 1;
}

} // namespace

int wmain(int argc, wchar_t **argv)
{
    SetConsoleOutputCP(CP_UTF8);
    Settings settings;
    if (!settings.Read(argc, argv)) {
        fputs(kUsage, stderr);
        return 2;
    }
    interrupted = CreateEventW(NULL, TRUE, FALSE, NULL);
    SetConsoleCtrlHandler(onConsole, TRUE);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);

    int result = 1;
    PushSource *source = new PushSource();
    const char *wrong = source->Open(settings.file.c_str(), settings.annexB);
    IBaseFilter *writer = NULL;
    if (wrong)
        fprintf(stderr, "%s: %s\n", Utf8(settings.file.c_str()).c_str(), wrong);
    else if (!failed(CreateWriter(settings.module, &writer), "making the writer (is it registered? regsvr32 nRtmpRenderer.ax)"))
        result = publish(settings, source, writer);
    if (writer)
        writer->Release();
    source->Release();
    CoUninitialize();
    return result;
}
