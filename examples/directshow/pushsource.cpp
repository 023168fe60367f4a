#include "pushsource.h"

#include "enumerators.h"

#include <string.h>

PushSource::PushSource()
    : references_(1), state_(State_Stopped), clock_(NULL), graph_(NULL), video_(this, FLV_VIDEO), audio_(this, FLV_AUDIO)
{
    InitializeCriticalSection(&lock_);
}

PushSource::~PushSource()
{
    if (clock_)
        clock_->Release();
    DeleteCriticalSection(&lock_);
}

const char *PushSource::Open(const wchar_t *path, bool annexB)
{
    FlvReader reader;
    FlvTrackInfo video, audio;
    const char *wrong = reader.Open(path);
    if (!wrong)
        wrong = reader.Scan(&video, &audio);
    if (wrong)
        return wrong;
    bool sees = !video.config.empty() && video.frames, hears = !audio.config.empty() && audio.frames;
    int64_t start = !sees || (hears && audio.firstMs < video.firstMs) ? audio.firstMs : video.firstMs;
    if (sees && (wrong = video_.Open(path, video, start, annexB)) != NULL)
        return wrong;
    if (hears && (wrong = audio_.Open(path, audio, start, false)) != NULL)
        return wrong;
    return NULL;
}

PushPin *PushSource::PinAt(ULONG n)
{
    PushPin *pins[] = {&video_, &audio_};
    for (int i = 0; i < 2; i++)
        if (pins[i]->Exists() && n-- == 0)
            return pins[i];
    return NULL;
}

IReferenceClock *PushSource::Clock()
{
    IReferenceClock *clock;
    GetSyncSource(&clock);
    return clock;
}

STDMETHODIMP PushSource::QueryInterface(REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    if (iid == IID_IUnknown || iid == IID_IPersist || iid == IID_IMediaFilter || iid == IID_IBaseFilter) {
        *out = static_cast<IBaseFilter *>(this);
        AddRef();
        return S_OK;
    }
    *out = NULL;
    return E_NOINTERFACE;
}

STDMETHODIMP_(ULONG) PushSource::AddRef() { return (ULONG)InterlockedIncrement(&references_); }

STDMETHODIMP_(ULONG) PushSource::Release()
{
    LONG left = InterlockedDecrement(&references_);
    if (left == 0)
        delete this;
    return (ULONG)left;
}

// The filter is made by the program that uses it, not by its class.
STDMETHODIMP PushSource::GetClassID(CLSID *id)
{
    if (!id)
        return E_POINTER;
    memset(id, 0, sizeof *id);
    return S_OK;
}

// The graph stops the renderer before its sources, so a thread that waits in the
// renderer has come back, or soon will.
STDMETHODIMP PushSource::Stop()
{
    EnterCriticalSection(&lock_);
    state_ = State_Stopped;
    LeaveCriticalSection(&lock_);
    video_.Stop();
    audio_.Stop();
    return S_OK;
}

STDMETHODIMP PushSource::Pause()
{
    EnterCriticalSection(&lock_);
    FILTER_STATE before = state_;
    state_ = State_Paused;
    LeaveCriticalSection(&lock_);
    video_.Hold();
    audio_.Hold();
    if (before != State_Stopped)
        return S_OK;
    HRESULT hr = video_.Start();
    if (SUCCEEDED(hr))
        hr = audio_.Start();
    if (FAILED(hr))
        Stop();
    return hr;
}

STDMETHODIMP PushSource::Run(REFERENCE_TIME start)
{
    FILTER_STATE before;
    GetState(0, &before);
    if (before == State_Stopped) {
        HRESULT hr = Pause();
        if (FAILED(hr))
            return hr;
    }
    EnterCriticalSection(&lock_);
    state_ = State_Running;
    LeaveCriticalSection(&lock_);
    video_.Resume(start);
    audio_.Resume(start);
    return S_OK;
}

// A live source has nothing to show while it is paused; it says so, and the graph
// does not wait for a first sample.
STDMETHODIMP PushSource::GetState(DWORD, FILTER_STATE *state)
{
    if (!state)
        return E_POINTER;
    EnterCriticalSection(&lock_);
    *state = state_;
    LeaveCriticalSection(&lock_);
    return *state == State_Paused ? VFW_S_CANT_CUE : S_OK;
}

STDMETHODIMP PushSource::SetSyncSource(IReferenceClock *clock)
{
    if (clock)
        clock->AddRef();
    EnterCriticalSection(&lock_);
    IReferenceClock *before = clock_;
    clock_ = clock;
    LeaveCriticalSection(&lock_);
    if (before)
        before->Release();
    return S_OK;
}

STDMETHODIMP PushSource::GetSyncSource(IReferenceClock **clock)
{
    if (!clock)
        return E_POINTER;
    EnterCriticalSection(&lock_);
    *clock = clock_;
    if (clock_)
        clock_->AddRef();
    LeaveCriticalSection(&lock_);
    return S_OK;
}

STDMETHODIMP PushSource::EnumPins(IEnumPins **pins)
{
    if (!pins)
        return E_POINTER;
    *pins = new PinEnumerator(this, 0);
    return S_OK;
}

STDMETHODIMP PushSource::FindPin(LPCWSTR id, IPin **pin)
{
    if (!pin)
        return E_POINTER;
    *pin = NULL;
    for (ULONG i = 0; id && PinAt(i); i++)
        if (wcscmp(id, PinAt(i)->Name()) == 0) {
            *pin = PinAt(i);
            (*pin)->AddRef();
            return S_OK;
        }
    return VFW_E_NOT_FOUND;
}

STDMETHODIMP PushSource::QueryFilterInfo(FILTER_INFO *info)
{
    if (!info)
        return E_POINTER;
    lstrcpynW(info->achName, name_.c_str(), MAX_FILTER_NAME);
    info->pGraph = graph_;
    if (graph_)
        graph_->AddRef();
    return S_OK;
}

STDMETHODIMP PushSource::JoinFilterGraph(IFilterGraph *graph, LPCWSTR name)
{
    graph_ = graph;
    name_ = name ? name : L"";
    return S_OK;
}
