// The output pin: the thread that pushes, and how it keeps time.
#include "pushsource.h"

#include <string.h>

namespace {

const REFERENCE_TIME kMillisecond = 10000; // DirectShow counts in 100 ns

} // namespace

HRESULT PushPin::Start()
{
    if (!peer_ || thread_)
        return S_OK;
    HRESULT hr = allocator_->Commit();
    if (FAILED(hr))
        return hr;
    ResetEvent(stop_);
    delivered_ = 0;
    answer_ = S_OK;
    thread_ = CreateThread(NULL, 0, threadMain, this, 0, NULL);
    return thread_ ? S_OK : E_OUTOFMEMORY;
}

void PushPin::Resume(REFERENCE_TIME start)
{
    InterlockedExchange64(&start_, start);
    SetEvent(running_);
}

void PushPin::Hold() { ResetEvent(running_); }

void PushPin::Stop()
{
    if (!thread_)
        return;
    SetEvent(stop_);
    allocator_->Decommit(); // wakes a GetBuffer
    WaitForSingleObject(thread_, INFINITE);
    CloseHandle(thread_);
    thread_ = NULL;
}

DWORD WINAPI PushPin::threadMain(void *pin)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    ((PushPin *)pin)->push();
    CoUninitialize();
    return 0;
}

void PushPin::push()
{
    FlvReader reader;
    FlvFrame frame;
    if (reader.Open(path_.c_str()) != NULL)
        return;
    peer_->NewSegment(0, MAXLONGLONG, 1.0);
    while (reader.Next(track_, &frame)) {
        frame.decodeMs -= startMs_;
        if (!waitUntil(frame.decodeMs * kMillisecond))
            return;
        answer_ = deliver(frame);
        // S_FALSE: it is flushing or has ended. An error: the renderer has told
        // the graph. In both cases there is nothing left to do for this pin.
        if (answer_ != S_OK)
            return;
        InterlockedIncrement(&delivered_);
    }
    peer_->EndOfStream();
}

// waitUntil waits for the stream time due, which stands still while the filter is
// paused. Without a clock it waits only while paused. False: the filter stops.
bool PushPin::waitUntil(REFERENCE_TIME due)
{
    for (;;) {
        HANDLE either[] = {stop_, running_};
        if (WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0)
            return false;
        IReferenceClock *clock = filter_->Clock();
        if (!clock)
            return true;
        REFERENCE_TIME now = 0;
        clock->GetTime(&now);
        clock->Release();
        // start_ changes when the graph runs on after a pause.
        REFERENCE_TIME left = due - (now - InterlockedCompareExchange64(&start_, 0, 0));
        if (left <= 0)
            return true;
        const DWORD kLook = 100; // ms; a pause in the meantime is noticed after that
        DWORD wait = left / kMillisecond > kLook ? kLook : (DWORD)(left / kMillisecond) + 1;
        if (WaitForSingleObject(stop_, wait) == WAIT_OBJECT_0)
            return false;
    }
}

HRESULT PushPin::deliver(const FlvFrame &frame)
{
    std::vector<uint8_t> converted;
    const std::vector<uint8_t> *data = &frame.data;
    if (annexB_) {
        if (!ToAnnexB(avc_, frame.key, frame.data, &converted))
            return S_OK; // a damaged access unit is left out
        data = &converted;
    }
    if (data->empty())
        return S_OK;

    IMediaSample *sample;
    HRESULT hr = allocator_->GetBuffer(&sample, NULL, NULL, 0);
    if (FAILED(hr))
        return hr;
    BYTE *buffer;
    hr = sample->GetPointer(&buffer);
    if (SUCCEEDED(hr) && sample->GetSize() < (long)data->size())
        hr = VFW_E_BUFFER_OVERFLOW;
    if (SUCCEEDED(hr)) {
        memcpy(buffer, &(*data)[0], data->size());
        // DirectShow has presentation times only; the writer finds the decode
        // times again.
        REFERENCE_TIME from = (frame.decodeMs + frame.compositionMs) * kMillisecond, to = from + duration_;
        sample->SetActualDataLength((long)data->size());
        sample->SetTime(&from, &to);
        sample->SetSyncPoint(frame.key);
        hr = sink_->Receive(sample);
    }
    sample->Release();
    return hr;
}
