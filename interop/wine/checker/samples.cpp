// samples: what Receive makes of samples (87, 89 to 94). The URL is that of a
// server that takes everything, with a slash behind it; its application "stall"
// stops reading after the publish. oddsamples.cpp has 88.
#include "stream.h"

namespace samples {

static void accepted()
{
    Stream s(at("live", "samples87"));
    s.run();
    s.connected();
    Sample untimed = clip::videoSample(0), typed = clip::videoSample(1), marked = clip::videoSample(2), open = clip::videoSample(3);
    untimed.timed = false;
    Type same = videoType();
    typed.type = &same;
    marked.preroll = marked.discontinuity = true;
    open.startOnly = true;
    CHECK_HR(s.give(0, untimed), S_OK);
    CHECK_HR(s.give(0, typed), S_OK);
    CHECK_HR(s.give(0, marked), S_OK);
    CHECK_HR(s.give(0, open), S_OK);
    Sample sound = clip::audioSample(0), soundMarked = clip::audioSample(1), soundTyped = clip::audioSample(2);
    Type sameSound = audioType();
    sound.timed = false;
    soundMarked.preroll = soundMarked.discontinuity = true;
    soundTyped.type = &sameSound;
    CHECK_HR(s.give(1, sound), S_OK);
    CHECK_HR(s.give(1, soundMarked), S_OK);
    CHECK_HR(s.give(1, soundTyped), S_OK);
    CHECK(s.takesOn(25), "good samples are taken and sent");
    CHECK_EQ(s.graph.count(EC_ERRORABORT), 0);
}

static void newType()
{
    Stream s(at("live", "samples89"));
    s.run();
    QUIET(s.feed(0, 25), "Annex B is taken");
    Type avc1 = videoTypeAVC1(2), none = videoTypeNone();
    for (long n = 25; n < 50; n++) {
        Sample sample = clip::videoSample(n, clip::Length2);
        sample.type = n == 25 ? &avc1 : nullptr;
        HRESULT hr = s.give(0, sample);
        QUIET(hr == S_OK, "sample %ld with lengths of 2: %s", n, hrName(hr).c_str());
        s.audio(2 * n), s.audio(2 * n + 1);
    }
    for (long n = 50; n < 75; n++) {
        Sample sample = clip::videoSample(n, clip::Annex3);
        sample.type = n == 50 ? &none : nullptr;
        HRESULT hr = s.give(0, sample);
        QUIET(hr == S_OK, "sample %ld in Annex B again: %s", n, hrName(hr).c_str());
        s.audio(2 * n), s.audio(2 * n + 1);
    }
    Type adts = audioTypeADTS();
    for (long n = 150; n < 170; n++) {
        Sample sample = clip::audioSample(n, true);
        sample.type = n == 150 ? &adts : nullptr;
        HRESULT hr = s.give(1, sample);
        QUIET(hr == S_OK, "sample %ld with ADTS header: %s", n, hrName(hr).c_str());
    }
    s.endAll();
    CHECK(s.graph.wait(EC_COMPLETE, 1, soon), "EC_COMPLETE");
    CHECK_EQ(s.graph.count(EC_ERRORABORT), 0);
    CHECK_EQ(s.statistics().video_packets_sent, 75);
    CHECK_EQ(s.statistics().audio_packets_sent, 170);
    s.stop();
    say("sent samples89 75 170");
}

static void refusedType()
{
    Type rgb(MEDIATYPE_Video, MEDIASUBTYPE_RGB24, FORMAT_VideoInfo, Bytes(sizeof(VIDEOINFOHEADER))), pcm(MEDIATYPE_Audio, MEDIASUBTYPE_PCM, FORMAT_None);
    Type cut = videoType();
    cut.setBlock(Bytes(cut.block.begin(), cut.block.begin() + 20));
    const AM_MEDIA_TYPE *wrong[] = { &rgb, &pcm, &cut };
    for (int i = 0; i < 3; i++) {
        int pin = i == 1;
        Stream s(at("live", "samples90"));
        s.run();
        QUIET(s.feed(0, 3), "samples are taken");
        Sample sample = pin ? clip::audioSample(6) : clip::videoSample(3);
        sample.type = wrong[i];
        CHECK_HR(s.give(pin, sample), VFW_E_INVALIDMEDIATYPE);
        CHECK(s.graph.wait(EC_ERRORABORT, 1, 1000), "EC_ERRORABORT");
        for (const Event &e : s.graph.all(EC_ERRORABORT))
            CHECK_HR(HRESULT(e.first), VFW_E_TYPE_NOT_ACCEPTED);
        CHECK_EQ(s.graph.count(EC_ERRORABORT), 1);
        CHECK((pin ? s.audio(7) : s.video(4)) != S_OK, "the pin takes no more");
        CHECK_HR(pin ? s.video(4) : s.audio(7), S_OK);
        s.rig.in[!pin]->EndOfStream();
        CHECK(s.graph.wait(EC_COMPLETE, 1, soon), "EC_COMPLETE after the other pin's end: the pin counts as ended");
        s.stop();
        s.run();
        CHECK(s.feed(0, 3), "Stop and Run clear it");
    }
}

static void released()
{
    {
        Stream s(at("live", "samples91"));
        s.rig.disconnect(0);
        s.rig.source->pin[0].buffers = 1;
        s.rig.source->pin[0].next = clip::videoSamples(clip::Annex4, 200);
        s.rig.source->pin[1].next = clip::audioSamples(200);
        s.rig.connect(0);
        s.run();
        s.rig.source->Run(0);
        CHECK(s.rig.source->waitDone(10000), "an allocator of one buffer does not starve");
        CHECK_EQ(s.rig.source->pin[0].taken, 200);
        s.rig.stop();
    }
    Stream s(at("stall", "samples91stall"));
    BareSample all[20];
    for (int i = 0; i < 20; i++)
        all[i].sample = i & 1 ? clip::audioSample(i / 2) : clip::videoSample(i / 2);
    s.rig.filter->Pause(); // nothing is sent yet
    LONG held = 0;
    for (int i = 0; i < 20; i++) {
        QUIET(s.rig.mem[i & 1]->Receive(&all[i]) == S_OK, "sample %d", i);
        if (i == 9)
            s.run();
    }
    for (BareSample &b : all)
        held += b.refs - 1;
    CHECK_EQ(held, 0); // they were copied
    s.stop();
    held = 0;
    for (BareSample &b : all)
        held += b.refs - 1;
    CHECK_EQ(held, 0);
}

// GuardedSample has its bytes at the end of pages that can be read only, with an
// unreadable one behind them.
struct GuardedSample : BareSample {
    BYTE *pages, *bytes;
    SIZE_T size;
    explicit GuardedSample(const Sample &s)
        : BareSample(s)
    {
        const SIZE_T page = 65536;
        size = (s.data.size() + page - 1) / page * page;
        pages = (BYTE *)VirtualAlloc(nullptr, size + page, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        bytes = pages + size - s.data.size();
        memcpy(bytes, s.data.data(), s.data.size());
        DWORD old;
        VirtualProtect(pages, size, PAGE_READONLY, &old);
        VirtualProtect(pages + size, page, PAGE_NOACCESS, &old);
    }
    ~GuardedSample() { VirtualFree(pages, 0, MEM_RELEASE); }
    HRESULT STDMETHODCALLTYPE GetPointer(BYTE **out) override
    {
        *out = bytes;
        return S_OK;
    }
};

static void untouched()
{
    Stream s(at("live", "samples92"));
    s.run();
    s.connected();
    Type types[] = { videoType(), videoTypeNone(), videoTypeAVC1(4), videoTypeAVC1(1), videoType() };
    clip::Form forms[] = { clip::Annex4, clip::Annex3, clip::Length4, clip::Length1, clip::Annex4 };
    for (int i = 0; i < 5; i++) {
        for (long n = 25 * i; n < 25 * i + 25; n++) {
            Sample plain = clip::videoSample(n, forms[i]);
            plain.type = n == 25 * i ? &types[i] : nullptr;
            if (i == 4) // bare: the frame's first NAL unit without a start code
                plain.data = clip::video()[n % 25].nals[0];
            GuardedSample guarded(plain);
            QUIET(s.rig.mem[0]->Receive(&guarded) == S_OK, "read-only sample %ld of form %d", n, i);
            Sample sound = clip::audioSample(n, n & 1);
            GuardedSample soundGuarded(sound);
            QUIET(s.rig.mem[1]->Receive(&soundGuarded) == S_OK, "read-only audio sample %ld", n);
        }
    }
    BareSample kept(padded(clip::videoSample(125), 30000));
    Bytes before = kept.sample.data;
    QUIET(s.rig.mem[0]->Receive(&kept) == S_OK, "a sample");
    s.endAll();
    s.graph.wait(EC_COMPLETE, 1, soon);
    CHECK(kept.sample.data == before, "the bytes are as they were");
}


static void many()
{
    limit(120);
    Stream s(at("live", "samples93"));
    s.run();
    s.connected();
    auto feed = [&](long first, long last) {
        Worker video([&s, first, last] {
            for (long n = first; n < last; n++)
                QUIET(s.video(n) == S_OK, "video %ld", n);
        });
        for (long n = first; n < last; n++)
            QUIET(s.audio(n) == S_OK, "audio %ld", n);
    };
    feed(0, 3000); // what is kept for reuse is there
    Resources before = Resources::now();
    feed(3000, 13000);
    checkLeft(before, 8, 2, 8192); // a thread of Go's has some handles
}

static void ahead()
{
    limit(60);
    Stream s(at("live", "samples94"));
    s.run();
    s.connected();
    DWORD longest = 0;
    for (long n = 0; n < 250; n++) {
        Timed call;
        QUIET(s.video(n) == S_OK, "video %ld", n);
        longest = std::max(longest, call.ms());
    }
    CHECK_BETWEEN(longest, 0, 2000);
    Timed sound;
    for (long n = 0; n < 430; n++)
        QUIET(s.audio(n) == S_OK, "audio %ld", n);
    CHECK_BETWEEN(sound.ms(), 0, 5000);

    Timed large;
    CHECK_HR(s.give(0, padded(clip::videoSample(250), 4 << 20)), S_OK);
    CHECK_BETWEEN(large.ms(), 0, 3000);
    CHECK(s.feed(251, 275), "and on");
    s.endAll();
    CHECK(s.graph.wait(EC_COMPLETE, 1, 10000), "EC_COMPLETE");
    CHECK_EQ(s.statistics().video_packets_sent, 275);
}

static const Section all[] = {
    { 87, "samples of every kind", accepted },
    { 89, "a new format on a sample", newType },
    { 90, "a refused format on a sample", refusedType },
    { 91, "samples are released", released },
    { 92, "samples are not written to", untouched },
    { 93, "ten thousand samples a pin", many },
    { 94, "one stream ahead, a large frame", ahead },
};

} // namespace samples

static const Program samplesProgram("samples", samples::all, std::size(samples::all));
