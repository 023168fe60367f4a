// source.cpp: the push source's pins and their threads; sourcefilter.cpp is the filter.
#include "source.h"

Generator prepared(std::vector<Sample> samples)
{
    return [samples = std::move(samples)](long n, Sample &s) {
        if (size_t(n) >= samples.size())
            return false;
        s = samples[n];
        return true;
    };
}

HRESULT OutPin::QueryInterface(REFIID iid, void **out)
{
    if (iid != IID_IUnknown && iid != IID_IPin) {
        *out = nullptr;
        return E_NOINTERFACE;
    }
    *out = static_cast<IPin *>(this);
    AddRef();
    return S_OK;
}

ULONG OutPin::AddRef()
{
    owner->AddRef();
    return InterlockedIncrement(&refs);
}

ULONG OutPin::Release()
{
    ULONG left = InterlockedDecrement(&refs);
    owner->Release();
    return left;
}

HRESULT OutPin::Connect(IPin *to, const AM_MEDIA_TYPE *wanted)
{
    if (peer)
        return VFW_E_ALREADY_CONNECTED;
    agreed = type;
    // A wanted type may be partial: the graph passes on what the input pin listed.
    if (wanted && (wanted->majortype != type.majortype || (wanted->subtype != GUID_NULL && wanted->subtype != type.subtype)
            || (wanted->formattype != GUID_NULL && wanted->formattype != type.formattype)))
        return VFW_E_TYPE_NOT_ACCEPTED;
    if (to->QueryAccept(&agreed) != S_OK)
        return VFW_E_TYPE_NOT_ACCEPTED;
    HRESULT hr = to->ReceiveConnection(this, &agreed);
    if (FAILED(hr))
        return hr;
    peer = to;
    peer->AddRef();
    hr = agree();
    if (FAILED(hr)) {
        to->Disconnect();
        Disconnect();
    }
    return hr;
}

// agree settles the allocator with the connected input pin.
HRESULT OutPin::agree()
{
    HRESULT hr = peer->QueryInterface(IID_IMemInputPin, (void **)&input);
    if (FAILED(hr))
        return hr;
    if (allocatorWanted)
        (allocator = allocatorWanted)->AddRef();
    else if (FAILED(input->GetAllocator(&allocator)) && FAILED(hr = CoCreateInstance(CLSID_MemoryAllocator, nullptr, CLSCTX_INPROC_SERVER, IID_IMemAllocator, (void **)&allocator)))
        return hr;
    ALLOCATOR_PROPERTIES wanted = { buffers, bufferSize, 1, 0 }, actual;
    if (FAILED(hr = allocator->SetProperties(&wanted, &actual)))
        return hr;
    return input->NotifyAllocator(allocator, readOnly);
}

HRESULT OutPin::Disconnect()
{
    if (!peer)
        return S_FALSE;
    if (allocator)
        allocator->Release();
    if (input)
        input->Release();
    allocator = nullptr;
    input = nullptr;
    IPin *was = peer;
    peer = nullptr;
    was->Release();
    return S_OK;
}

void OutPin::start()
{
    if (!peer || thread)
        return;
    offered = taken = refused = inside = longest = 0;
    last = S_OK;
    endResult = E_PENDING;
    allocator->Commit();
    running = 1;
    thread = CreateThread(nullptr, 0, run, this, 0, nullptr);
}

void OutPin::join()
{
    if (!thread)
        return;
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    thread = nullptr;
}

DWORD WINAPI OutPin::run(void *pin)
{
    auto self = (OutPin *)pin;
    self->push();
    self->running = 0;
    return 0;
}

void OutPin::push()
{
    HANDLE either[] = { owner->stopping, owner->runs };
    if (!next || (owner->live && WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0))
        return;
    if (segment)
        peer->NewSegment(0, 0x7fffffffffffffffLL, 1.0);
    DWORD began = GetTickCount();
    REFERENCE_TIME first = 0;
    for (long n = 0; WaitForSingleObject(owner->stopping, 0) == WAIT_TIMEOUT; n++) {
        Sample sample;
        if (!next(n, sample)) {
            if (endOfStream) {
                since = GetTickCount();
                inside = 1;
                endResult = peer->EndOfStream();
                inside = 0;
            }
            return;
        }
        first = n ? first : sample.start;
        if (realTime && !pace(sample, began, first))
            return;
        HRESULT hr = deliver(sample);
        if (hr == E_ABORT)
            return;
        if (delivered)
            delivered(n, hr);
        if (hr != S_OK && !persist)
            return;
    }
}

// pace waits for the sample's time; false when the source is being stopped.
bool OutPin::pace(const Sample &sample, DWORD began, REFERENCE_TIME first) const
{
    long wait = long((sample.start - first) / 10000) - long(GetTickCount() - began);
    return wait <= 0 || WaitForSingleObject(owner->stopping, wait) == WAIT_TIMEOUT;
}

// deliver passes one sample to the input pin; E_ABORT when the allocator has been
// decommitted.
HRESULT OutPin::deliver(const Sample &sample)
{
    IMediaSample *s = sample.instead;
    if (s) {
        s->AddRef();
    } else {
        if (FAILED(allocator->GetBuffer(&s, nullptr, nullptr, 0)))
            return E_ABORT;
        BYTE *at = nullptr;
        s->GetPointer(&at);
        size_t size = std::min(sample.data.size(), size_t(s->GetSize()));
        if (size)
            memcpy(at, sample.data.data(), size);
        s->SetActualDataLength(long(size));
        REFERENCE_TIME start = sample.start, stop = sample.stop;
        s->SetTime(sample.timed ? &start : nullptr, sample.timed && !sample.startOnly ? &stop : nullptr);
        s->SetSyncPoint(sample.sync);
        s->SetDiscontinuity(sample.discontinuity);
        s->SetPreroll(sample.preroll);
        s->SetMediaType(const_cast<AM_MEDIA_TYPE *>(sample.type));
    }
    DWORD called = since = GetTickCount();
    InterlockedIncrement(&offered);
    inside = 1;
    HRESULT hr = input->Receive(s);
    inside = 0;
    longest = std::max(LONG(longest), LONG(GetTickCount() - called));
    last = hr;
    InterlockedIncrement(hr == S_OK ? &taken : &refused);
    s->Release();
    return hr == E_ABORT ? E_FAIL : hr;
}

bool OutPin::waitTaken(LONG count, DWORD ms) const
{
    return waitUntil(ms, [&] { return taken >= count; });
}

bool OutPin::waitDone(DWORD ms) const
{
    return waitUntil(ms, [&] { return !running; });
}

bool OutPin::waitBlocked(DWORD ms, DWORD quiet) const
{
    return waitUntil(ms, [&] { return inside && GetTickCount() - since >= quiet; });
}
