// sourcefilter.cpp: the push source's filter, its enumerators and the pins'
// questions and answers.
#include "source.h"

// List is an enumerator over what it is given, enough for a graph.
template <class Enum, class Item> struct List : Enum {
    typedef HRESULT (*Copy)(void *from, size_t at, Item *out);
    LONG refs = 1;
    size_t at = 0, count;
    IUnknown *keeps;
    void *from;
    Copy copy;
    REFIID iid;
    List(IUnknown *k, void *f, size_t n, Copy c, REFIID i)
        : count(n), keeps(k), from(f), copy(c), iid(i)
    {
        keeps->AddRef();
    }
    virtual ~List() { keeps->Release(); }
    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID wanted, void **out) override
    {
        *out = wanted == IID_IUnknown || wanted == iid ? this : nullptr;
        if (*out)
            AddRef();
        return *out ? S_OK : E_NOINTERFACE;
    }
    ULONG STDMETHODCALLTYPE AddRef() override { return InterlockedIncrement(&refs); }
    ULONG STDMETHODCALLTYPE Release() override
    {
        LONG left = InterlockedDecrement(&refs);
        if (!left)
            delete this;
        return left;
    }
    HRESULT STDMETHODCALLTYPE Next(ULONG n, Item *out, ULONG *got) override
    {
        ULONG i = 0;
        for (; i < n && at < count; i++)
            copy(from, at++, &out[i]);
        if (got)
            *got = i;
        return i == n ? S_OK : S_FALSE;
    }
    HRESULT STDMETHODCALLTYPE Skip(ULONG n) override
    {
        at += n;
        return at <= count ? S_OK : S_FALSE;
    }
    HRESULT STDMETHODCALLTYPE Reset() override
    {
        at = 0;
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE Clone(Enum **out) override
    {
        auto twin = new List(keeps, from, count, copy, iid);
        twin->at = at;
        *out = twin;
        return S_OK;
    }
};

static HRESULT copyPin(void *source, size_t at, IPin **out)
{
    *out = &((Source *)source)->pin[at];
    (*out)->AddRef();
    return S_OK;
}

static HRESULT copyOffer(void *pin, size_t, AM_MEDIA_TYPE **out)
{
    *out = (AM_MEDIA_TYPE *)CoTaskMemAlloc(sizeof **out);
    return copyType(*out, ((OutPin *)pin)->type);
}

static LPWSTR taskString(const WCHAR *text)
{
    size_t bytes = (lstrlenW(text) + 1) * sizeof *text;
    return (LPWSTR)memcpy(CoTaskMemAlloc(bytes), text, bytes);
}

static const WCHAR *const pinNames[] = { L"Video out", L"Audio out" };

HRESULT OutPin::ConnectedTo(IPin **out)
{
    *out = peer;
    if (peer)
        peer->AddRef();
    return peer ? S_OK : VFW_E_NOT_CONNECTED;
}

HRESULT OutPin::ConnectionMediaType(AM_MEDIA_TYPE *out)
{
    return peer ? copyType(out, agreed) : VFW_E_NOT_CONNECTED;
}

HRESULT OutPin::QueryPinInfo(PIN_INFO *info)
{
    info->pFilter = owner;
    owner->AddRef();
    info->dir = PINDIR_OUTPUT;
    lstrcpyW(info->achName, pinNames[index]);
    return S_OK;
}

HRESULT OutPin::QueryId(LPWSTR *id)
{
    *id = taskString(pinNames[index]);
    return S_OK;
}

HRESULT OutPin::EnumMediaTypes(IEnumMediaTypes **out)
{
    *out = new List<IEnumMediaTypes, AM_MEDIA_TYPE *>(this, this, 1, copyOffer, IID_IEnumMediaTypes);
    return S_OK;
}

Source::Source()
    : stopping(CreateEventW(nullptr, TRUE, FALSE, nullptr)), runs(CreateEventW(nullptr, TRUE, FALSE, nullptr))
{
    for (LONG i = 0; i < 2; i++) {
        pin[i].owner = this;
        pin[i].index = i;
    }
    pin[0].type = videoType();
    pin[1].type = audioType();
}

Source::~Source()
{
    if (clock)
        clock->Release();
    CloseHandle(stopping);
    CloseHandle(runs);
}

HRESULT Source::QueryInterface(REFIID iid, void **out)
{
    if (iid == IID_IUnknown || iid == IID_IPersist || iid == IID_IMediaFilter || iid == IID_IBaseFilter)
        *out = static_cast<IBaseFilter *>(this);
    else if (iid == IID_IAMFilterMiscFlags && live)
        *out = static_cast<IAMFilterMiscFlags *>(this);
    else
        *out = nullptr;
    if (*out)
        AddRef();
    return *out ? S_OK : E_NOINTERFACE;
}

ULONG Source::Release()
{
    LONG left = InterlockedDecrement(&refs);
    if (!left)
        delete this;
    return left;
}

HRESULT Source::GetClassID(CLSID *id)
{
    memset(id, 0x11, sizeof *id);
    return S_OK;
}

HRESULT Source::Stop()
{
    SetEvent(stopping);
    for (OutPin &p : pin)
        if (p.thread && p.allocator)
            p.allocator->Decommit();
    for (OutPin &p : pin)
        p.join();
    ResetEvent(runs);
    state = State_Stopped;
    return S_OK;
}

HRESULT Source::Pause()
{
    if (state == State_Stopped) {
        ResetEvent(stopping);
        for (OutPin &p : pin)
            p.start();
    }
    state = State_Paused;
    return S_OK;
}

HRESULT Source::Run(REFERENCE_TIME)
{
    if (state == State_Stopped)
        Pause();
    SetEvent(runs);
    state = State_Running;
    return S_OK;
}

HRESULT Source::GetState(DWORD, FILTER_STATE *out)
{
    *out = state;
    return live && state == State_Paused ? VFW_S_CANT_CUE : S_OK;
}

HRESULT Source::SetSyncSource(IReferenceClock *c)
{
    if (c)
        c->AddRef();
    if (clock)
        clock->Release();
    clock = c;
    return S_OK;
}

HRESULT Source::GetSyncSource(IReferenceClock **out)
{
    *out = clock;
    if (clock)
        clock->AddRef();
    return S_OK;
}

HRESULT Source::EnumPins(IEnumPins **out)
{
    *out = new List<IEnumPins, IPin *>(static_cast<IBaseFilter *>(this), this, 2, copyPin, IID_IEnumPins);
    return S_OK;
}

HRESULT Source::FindPin(LPCWSTR id, IPin **out)
{
    for (size_t i = 0; i < 2; i++)
        if (!lstrcmpW(id, pinNames[i]))
            return copyPin(this, i, out);
    *out = nullptr;
    return VFW_E_NOT_FOUND;
}

HRESULT Source::QueryFilterInfo(FILTER_INFO *info)
{
    lstrcpyW(info->achName, name);
    info->pGraph = graph;
    if (graph)
        graph->AddRef();
    return S_OK;
}

HRESULT Source::JoinFilterGraph(IFilterGraph *g, LPCWSTR n)
{
    graph = g;
    lstrcpynW(name, n ? n : L"", 128);
    return S_OK;
}
