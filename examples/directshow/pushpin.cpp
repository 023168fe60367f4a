// The output pin: its media type, and how it is connected.
#include "pushsource.h"

#include "enumerators.h"

#include <string.h>

namespace {

const REFERENCE_TIME kMillisecond = 10000; // DirectShow counts in 100 ns
const long kBuffers = 16;

template <class T> void release(T **pointer)
{
    if (*pointer)
        (*pointer)->Release();
    *pointer = NULL;
}

} // namespace

PushPin::PushPin(PushSource *filter, FlvTrack track)
    : filter_(filter), track_(track), annexB_(false), largest_(0), startMs_(0), duration_(1), peer_(NULL), sink_(NULL),
      allocator_(NULL), thread_(NULL), start_(0), delivered_(0), answer_(S_OK)
{
    stop_ = CreateEventW(NULL, TRUE, FALSE, NULL);
    running_ = CreateEventW(NULL, TRUE, FALSE, NULL);
}

PushPin::~PushPin()
{
    Stop();
    Disconnect();
    CloseHandle(stop_);
    CloseHandle(running_);
}

const char *PushPin::Open(const wchar_t *path, const FlvTrackInfo &info, int64_t startMs, bool annexB)
{
    annexB_ = annexB;
    startMs_ = startMs;
    largest_ = info.largest;
    if (track_ == FLV_AUDIO) {
        uint32_t rate, channels;
        if (!type_.SetAac(info.config) || !ReadAacConfig(info.config, &rate, &channels))
            return "its AAC configuration is damaged";
        duration_ = 1024 * (REFERENCE_TIME)10000000 / rate;
    } else {
        if (!avc_.Parse(info.config) || !type_.SetAvc1(info.config))
            return "its H.264 configuration is damaged";
        if (info.frames > 1 && info.lastMs > info.firstMs)
            duration_ = (info.lastMs - info.firstMs) * kMillisecond / (info.frames - 1);
    }
    if (annexB) {
        type_.SetAnnexB();
        // A start code may be longer than the length it replaces, and a NAL unit
        // has two bytes at least; the parameter sets come on top.
        for (size_t i = 0; i < avc_.parameters.size(); i++)
            largest_ += (uint32_t)avc_.parameters[i].size() + 4;
        largest_ += info.largest / 2 * 3;
    }
    path_ = path;
    return NULL;
}

STDMETHODIMP PushPin::QueryInterface(REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    if (iid == IID_IUnknown || iid == IID_IPin) {
        *out = static_cast<IPin *>(this);
        AddRef();
        return S_OK;
    }
    *out = NULL;
    return E_NOINTERFACE;
}

STDMETHODIMP_(ULONG) PushPin::AddRef() { return filter_->AddRef(); }
STDMETHODIMP_(ULONG) PushPin::Release() { return filter_->Release(); }

STDMETHODIMP PushPin::Connect(IPin *to, const AM_MEDIA_TYPE *wanted)
{
    if (!to)
        return E_POINTER;
    if (peer_)
        return VFW_E_ALREADY_CONNECTED;
    if (wanted && QueryAccept(wanted) != S_OK)
        return VFW_E_TYPE_NOT_ACCEPTED;
    HRESULT hr = to->ReceiveConnection(this, type_.Get());
    if (FAILED(hr))
        return hr;
    peer_ = to;
    peer_->AddRef();
    hr = agreeOnAllocator();
    if (FAILED(hr)) {
        to->Disconnect();
        Disconnect();
    }
    return hr;
}

// The buffers come from the input pin's allocator, or from the system's.
HRESULT PushPin::agreeOnAllocator()
{
    HRESULT hr = peer_->QueryInterface(IID_IMemInputPin, (void **)&sink_);
    if (FAILED(hr))
        return hr;
    if (FAILED(sink_->GetAllocator(&allocator_))) {
        hr = CoCreateInstance(CLSID_MemoryAllocator, NULL, CLSCTX_INPROC_SERVER, IID_IMemAllocator, (void **)&allocator_);
        if (FAILED(hr))
            return hr;
    }
    ALLOCATOR_PROPERTIES wish = {kBuffers, (long)largest_, 1, 0}, got;
    hr = allocator_->SetProperties(&wish, &got);
    if (FAILED(hr))
        return hr;
    if (got.cbBuffer < (long)largest_)
        return VFW_E_SIZENOTSET;
    return sink_->NotifyAllocator(allocator_, FALSE);
}

STDMETHODIMP PushPin::Disconnect()
{
    if (!peer_)
        return S_FALSE;
    if (thread_)
        return VFW_E_NOT_STOPPED;
    release(&allocator_);
    release(&sink_);
    release(&peer_);
    return S_OK;
}

STDMETHODIMP PushPin::ConnectedTo(IPin **pin)
{
    if (!pin)
        return E_POINTER;
    *pin = peer_;
    if (!peer_)
        return VFW_E_NOT_CONNECTED;
    peer_->AddRef();
    return S_OK;
}

STDMETHODIMP PushPin::ConnectionMediaType(AM_MEDIA_TYPE *type)
{
    if (!type)
        return E_POINTER;
    memset(type, 0, sizeof *type);
    return peer_ ? type_.CopyTo(type) : VFW_E_NOT_CONNECTED;
}

STDMETHODIMP PushPin::QueryPinInfo(PIN_INFO *info)
{
    if (!info)
        return E_POINTER;
    info->pFilter = filter_;
    filter_->AddRef();
    info->dir = PINDIR_OUTPUT;
    lstrcpynW(info->achName, Name(), MAX_PIN_NAME);
    return S_OK;
}

STDMETHODIMP PushPin::QueryDirection(PIN_DIRECTION *direction)
{
    if (!direction)
        return E_POINTER;
    *direction = PINDIR_OUTPUT;
    return S_OK;
}

STDMETHODIMP PushPin::QueryId(LPWSTR *id)
{
    if (!id)
        return E_POINTER;
    size_t size = (wcslen(Name()) + 1) * sizeof(wchar_t);
    *id = (LPWSTR)CoTaskMemAlloc(size);
    if (!*id)
        return E_OUTOFMEMORY;
    memcpy(*id, Name(), size);
    return S_OK;
}

// Only the one type, which a partial one may leave open.
STDMETHODIMP PushPin::QueryAccept(const AM_MEDIA_TYPE *type)
{
    if (!type)
        return E_POINTER;
    const AM_MEDIA_TYPE *own = type_.Get();
    bool fits = (type->majortype == GUID_NULL || type->majortype == own->majortype) &&
                (type->subtype == GUID_NULL || type->subtype == own->subtype) &&
                (type->formattype == GUID_NULL || type_.Equals(type));
    return fits ? S_OK : S_FALSE;
}

STDMETHODIMP PushPin::EnumMediaTypes(IEnumMediaTypes **types)
{
    if (!types)
        return E_POINTER;
    *types = new TypeEnumerator(this, &type_, 0);
    return S_OK;
}
