// oddsamples: samples that need not be taken (88). The URL is that of a server that
// takes everything, with a slash behind it.
#include "stream.h"

namespace oddsamples {

// odd gives a sample that need not be taken, and looks that it does no harm.
static HRESULT odd(Stream &s, int pin, const Sample &sample, const char *what)
{
    Timed call;
    HRESULT hr = s.give(pin, sample);
    QUIET(call.ms() < 2000, "Receive of %s came back after %lu ms", what, (unsigned long)call.ms());
    return hr;
}

static const REFERENCE_TIME huge = 0x7fffffffffffffffLL;

static void oddTimes(Stream &s)
{
    struct { const char *what; REFERENCE_TIME start, stop; } times[] = {
        { "stop before start", 10000000, 400000 }, { "a negative time", -100000000, -99600000 }, { "a repeated time", 400000, 800000 },
        { "the same again", 400000, 800000 }, { "a time that goes back", 0, 400000 }, { "a day ahead", 864000000000LL, 864000400000LL },
        { "back again", 800000, 1200000 }, { "the largest time", huge, huge }, { "the smallest time", -huge - 1, -huge },
        { "all of time", -huge - 1, huge }, { "2^62", 1LL << 62, huge },
    };
    for (int pin = 0; pin < 2; pin++)
        for (auto &t : times) {
            Sample sample = pin ? clip::audioSample(3) : clip::videoSample(0);
            sample.start = t.start;
            sample.stop = t.stop;
            HRESULT hr = odd(s, pin, sample, t.what);
            QUIET(hr == S_OK, "%s on pin %d: %s", t.what, pin, hrName(hr).c_str());
        }
}

static void oddBytes(Stream &s)
{
    unsigned seed = 20240229;
    auto random = [&] { return seed = seed * 1664525 + 1013904223; };
    const std::vector<std::pair<const char *, Bytes>> fixed = {
        { "no bytes", {} }, { "one byte", { 0 } }, { "a start code alone", { 0, 0, 0, 1 } }, { "start codes alone", { 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1 } },
        { "zeros", Bytes(1000, 0) }, { "ones", Bytes(1000, 0xff) }, { "an empty parameter set", { 0, 0, 0, 1, 0x67 } }, { "a cut parameter set", { 0, 0, 0, 1, 0x67, 0x42 } },
        { "a slice's first byte", { 0, 0, 0, 1, 0x65 } }, { "the ADTS sync word alone", { 0xff, 0xf1 } },
        { "an ADTS frame of no length", { 0xff, 0xf1, 0x50, 0x40, 0, 0x1f, 0xfc } }, { "a length beyond the end", { 0x7f, 0xff, 0xff, 0xff, 0x65, 1, 2, 3 } },
    };
    for (int pin = 0; pin < 2; pin++)
        for (auto &f : fixed) {
            Sample sample = pin ? clip::audioSample(0) : clip::videoSample(0);
            sample.data = f.second;
            odd(s, pin, sample, f.first);
        }
    for (int round = 0; round < 300; round++) {
        Sample sample = round & 1 ? clip::audioSample(round) : clip::videoSample(round);
        sample.data.resize(random() % 3000);
        for (BYTE &b : sample.data)
            b = BYTE(random() >> 24);
        if (round % 3 == 0 && sample.data.size() > 5)
            memcpy(sample.data.data(), "\0\0\0\1", 4);
        odd(s, round & 1, sample, "random bytes");
    }
    Sample key = clip::videoSample(0);
    for (size_t size = 0; size < key.data.size(); size += size < 80 ? 1 : 37) {
        Sample cut = key;
        cut.data.resize(size);
        odd(s, 0, cut, "a cut frame");
        cut.sync = false;
        for (size_t i = 0; i < cut.data.size(); i += 7) // and damaged
            cut.data[i] ^= 0x55;
        odd(s, 0, cut, "a damaged frame");
    }
}

static void oddForms(Stream &s)
{
    for (long n = 0; n < 5; n++) {
        for (clip::Form form : { clip::Length4, clip::Length2, clip::Length1, clip::Annex3 })
            odd(s, 0, clip::videoSample(n, form), "another framing");
        odd(s, 1, clip::audioSample(n, true), "ADTS");
    }
    BareSample pointerless(clip::videoSample(0));
    pointerless.pointerResult = E_FAIL;
    Timed call;
    for (IMemInputPin *mem : s.rig.mem)
        mem->Receive(&pointerless);
    QUIET(call.ms() < 2000, "Receive of samples without bytes took %lu ms", (unsigned long)call.ms());
    CHECK_EQ(pointerless.refs, 1);
}

static void garbage()
{
    limit(60);
    Stream s(at("live", "samples88"));
    s.set(L"live-mode", L"on"); // a jump of a day must not fill the buffer
    s.set(L"buffer-overflow-mode", L"drop");
    s.run();
    s.connected();
    QUIET(s.feed(0, 3), "good samples first");
    oddTimes(s);
    CHECK(s.takesOn(25), "good samples are taken and sent behind odd times");
    oddForms(s);
    CHECK(s.takesOn(100), "and behind other forms");
    oddBytes(s);
    CHECK(s.takesOn(200), "and behind garbage");
    CHECK_EQ(s.graph.count(EC_ERRORABORT), 0);
    s.endAll();
    CHECK(s.graph.wait(EC_COMPLETE, 1, soon), "EC_COMPLETE");
}

static const Section all[] = {
    { 88, "odd samples do no harm", garbage },
};

} // namespace oddsamples

static const Program oddsamplesProgram("oddsamples", oddsamples::all, std::size(oddsamples::all));
