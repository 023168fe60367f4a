// input.cpp: IMemInputPin (items 51–58).
#include "pins.h"

void getAllocator()
{
    Rig rig(0, nullptr);
    for (int i = 0; i < 2; i++) {
        QUIET(rig.in[i]->ReceiveConnection(&rig.source->pin[i], &rig.source->pin[i].type) == S_OK, "connects");
        IMemAllocator *got = nullptr;
        HRESULT hr = rig.mem[i]->GetAllocator(&got);
        CHECK((hr == S_OK && got) || (hr == VFW_E_NO_ALLOCATOR && !got), "GetAllocator before NotifyAllocator: %s", hrName(hr).c_str());
        if (got) {
            ALLOCATOR_PROPERTIES wanted = { 3, 5000, 1, 0 }, actual = {};
            CHECK_HR(got->SetProperties(&wanted, &actual), S_OK);
            CHECK(actual.cBuffers >= 3 && actual.cbBuffer >= 5000, "it is a memory allocator: %ld buffers of %ld", (long)actual.cBuffers, (long)actual.cbBuffer);
            got->Release();
        }
        FakeAllocator mine;
        CHECK_HR(rig.mem[i]->NotifyAllocator(&mine, FALSE), S_OK);
        LONG held = mine.refs;
        got = nullptr;
        CHECK_HR(rig.mem[i]->GetAllocator(&got), S_OK);
        CHECK(got == &mine, "GetAllocator after NotifyAllocator gives the same");
        CHECK_EQ(mine.refs, held + 1);
        if (got)
            got->Release();
        rig.in[i]->Disconnect();
    }
}

void notifyAllocator()
{
    Rig rig(0, nullptr);
    for (int i = 0; i < 2; i++) {
        QUIET(rig.in[i]->ReceiveConnection(&rig.source->pin[i], &rig.source->pin[i].type) == S_OK, "connects");
        FakeAllocator one, two;
        CHECK_HR(rig.mem[i]->NotifyAllocator(nullptr, FALSE), E_POINTER);
        CHECK_HR(rig.mem[i]->NotifyAllocator(&one, TRUE), S_OK);
        CHECK_EQ(one.refs, 2);
        CHECK_HR(rig.mem[i]->NotifyAllocator(&one, FALSE), S_OK);
        CHECK_EQ(one.refs, 2);
        CHECK_HR(rig.mem[i]->NotifyAllocator(&two, FALSE), S_OK);
        CHECK_EQ(one.refs, 1);
        CHECK_EQ(two.refs, 2);
        CHECK_HR(rig.mem[i]->NotifyAllocator(nullptr, TRUE), E_POINTER);
        CHECK_EQ(two.refs, 2);
        CHECK_HR(rig.in[i]->Disconnect(), S_OK);
        CHECK_EQ(two.refs, 1);
    }
}

void allocatorRequirements()
{
    Rig rig(1, nullptr);
    for (IMemInputPin *mem : rig.mem) {
        ALLOCATOR_PROPERTIES p = {};
        HRESULT hr = mem->GetAllocatorRequirements(&p);
        bool sane = p.cBuffers >= 0 && p.cBuffers <= 64 && p.cbBuffer >= 0 && p.cbBuffer <= 1 << 24 && p.cbAlign >= 0 && p.cbAlign <= 4096 && p.cbPrefix >= 0 && p.cbPrefix <= 4096;
        CHECK(hr == E_NOTIMPL || (hr == S_OK && sane), "GetAllocatorRequirements: %s, %ld × %ld", hrName(hr).c_str(), (long)p.cBuffers, (long)p.cbBuffer);
    }
}

void canBlock()
{
    Rig rig(1, dataURL());
    for (IMemInputPin *mem : rig.mem)
        CHECK_HR(mem->ReceiveCanBlock(), S_OK);
    rig.run();
    CHECK_HR(rig.mem[0]->ReceiveCanBlock(), S_OK);
}

void receiveMultiple()
{
    Rig rig(3, dataURL());
    Type refused = audioType();
    Sample other = clip::videoSample(3);
    other.type = &refused;
    BareSample a(clip::videoSample(0)), b(clip::videoSample(1)), c(clip::videoSample(2)), bad(other);
    IMediaSample *good[] = { &a, &b, &c }, *mixed[] = { &a, &bad, &c };
    LONG done = 9;
    CHECK_HR(rig.mem[0]->ReceiveMultiple(good, 3, &done), VFW_E_WRONG_STATE);
    CHECK_EQ(done, 0);
    rig.filter->Run(0);
    done = 9;
    CHECK_HR(rig.mem[0]->ReceiveMultiple(good, 3, &done), S_OK);
    CHECK_EQ(done, 3);
    done = 9;
    CHECK_HR(rig.mem[0]->ReceiveMultiple(good, 0, &done), S_OK);
    CHECK_EQ(done, 0);
    CHECK_HR(rig.in[0]->BeginFlush(), S_OK);
    done = 9;
    CHECK_HR(rig.mem[0]->ReceiveMultiple(good, 3, &done), S_FALSE);
    CHECK_EQ(done, 0);
    CHECK_HR(rig.in[0]->EndFlush(), S_OK);
    done = 9;
    CHECK_HR(rig.mem[0]->ReceiveMultiple(mixed, 3, &done), VFW_E_INVALIDMEDIATYPE);
    CHECK_EQ(done, 1);
    rig.filter->Stop();
    Sleep(200);
    CHECK(a.refs == 1 && b.refs == 1 && c.refs == 1 && bad.refs == 1, "every sample is released");
}

void inputNull()
{
    Rig rig(1, dataURL());
    BareSample a(clip::videoSample(0));
    IMediaSample *some[] = { &a, nullptr };
    LONG done = 9;
    auto all = [&](const char *when) {
        say("   %s", when);
        for (IMemInputPin *mem : rig.mem) {
            CHECK_SAFE(mem->Receive(nullptr));
            CHECK_SAFE(mem->GetAllocator(nullptr));
            CHECK_HR_OF(mem->GetAllocatorRequirements(nullptr), E_POINTER, E_INVALIDARG, E_NOTIMPL);
            CHECK_SAFE(mem->NotifyAllocator(nullptr, FALSE));
            CHECK_SAFE(mem->ReceiveMultiple(nullptr, 1, &done));
            CHECK_SAFE(mem->ReceiveMultiple(nullptr, 1, nullptr));
            HRESULT hr = mem->ReceiveMultiple(some, 1, nullptr);
            CHECK(true, "ReceiveMultiple without a count answers: %s", hrName(hr).c_str());
            hr = mem->ReceiveMultiple(&some[1], 1, &done);
            CHECK(FAILED(hr), "ReceiveMultiple of a NULL sample: %s", hrName(hr).c_str());
        }
    };
    all("stopped");
    rig.filter->Run(0);
    all("running");
    rig.filter->Stop();
}

void receiveUnconnected()
{
    Rig rig(2, dataURL());
    BareSample a(clip::videoSample(0));
    HRESULT hr = rig.mem[0]->Receive(&a);
    CHECK(FAILED(hr), "Receive on an unconnected pin, stopped: %s", hrName(hr).c_str());
    rig.filter->Pause();
    hr = rig.mem[0]->Receive(&a);
    CHECK(FAILED(hr), "Receive on an unconnected pin, paused: %s", hrName(hr).c_str());
    rig.filter->Run(0);
    hr = rig.mem[0]->Receive(&a);
    CHECK(FAILED(hr), "Receive on an unconnected pin, running: %s", hrName(hr).c_str());
    rig.filter->Stop();
    CHECK_EQ(a.refs, 1);
}

void refusals()
{
    Rig rig(3, dataURL());
    Type refused = audioType();
    Sample other = clip::videoSample(1);
    other.type = &refused;
    BareSample good(clip::videoSample(0)), bad(other);
    IMemInputPin *mem = rig.mem[0];
    CHECK_HR(mem->Receive(&good), VFW_E_WRONG_STATE);
    rig.in[0]->BeginFlush();
    CHECK_HR(mem->Receive(&good), VFW_E_WRONG_STATE); // stopped comes before flushing
    rig.in[0]->EndFlush();

    rig.filter->Run(0);
    CHECK_HR(mem->Receive(&good), S_OK);
    CHECK_HR(rig.in[0]->EndOfStream(), S_OK);
    HRESULT hr = mem->Receive(&good);
    CHECK(hr != S_OK, "after the end of the stream: %s", hrName(hr).c_str());
    CHECK_HR(rig.in[0]->BeginFlush(), S_OK);
    CHECK_HR(mem->Receive(&good), S_FALSE); // flushing comes before the end
    CHECK_HR(rig.in[0]->EndFlush(), S_OK);
    CHECK_HR(mem->Receive(&good), S_OK);

    CHECK_HR(mem->Receive(&bad), VFW_E_INVALIDMEDIATYPE);
    CHECK_HR(mem->Receive(&good), VFW_E_RUNTIME_ERROR);
    CHECK_HR(rig.in[0]->BeginFlush(), S_OK);
    CHECK_HR(mem->Receive(&good), S_FALSE); // flushing comes before the run-time error
    CHECK_HR(rig.in[0]->EndFlush(), S_OK);
    rig.filter->Stop();
    CHECK_HR(mem->Receive(&good), VFW_E_WRONG_STATE); // stopped comes before the run-time error
    CHECK_HR(mem->Receive(&bad), VFW_E_WRONG_STATE);
    rig.filter->Run(0);
    CHECK_HR(mem->Receive(&good), S_OK);
    rig.filter->Stop();
    CHECK_EQ(good.refs, 1);
}
