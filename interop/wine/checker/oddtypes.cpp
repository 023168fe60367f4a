// oddtypes.cpp: media types with damaged and with odd format blocks (items 41–43).
#include "pins.h"
#include <dvdmedia.h>
#include <mmreg.h>

// Edge holds bytes that end where the address space does: reading past them is a
// fault, and so the end of the program.
struct Edge {
    BYTE *pages;
    size_t room;
    explicit Edge(size_t size)
        : room((size + 4095) / 4096 * 4096 + 4096)
    {
        pages = (BYTE *)VirtualAlloc(nullptr, room, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
        DWORD old;
        VirtualProtect(pages + room - 4096, 4096, PAGE_NOACCESS, &old);
    }
    ~Edge() { VirtualFree(pages, 0, MEM_RELEASE); }
    BYTE *ending(size_t size) const { return pages + room - 4096 - size; }
    Edge(const Edge &) = delete;
};

// isRefusal tells a refusal from a call that failed on its way: E_UNEXPECTED is what a
// caught fault looks like.
static bool isRefusal(HRESULT hr)
{
    return hr == S_FALSE || hr == VFW_E_TYPE_NOT_ACCEPTED || hr == VFW_E_INVALIDMEDIATYPE || hr == E_INVALIDARG || hr == E_POINTER;
}

// refusesBlock offers a type whose block is cut to size bytes, at the edge.
static void refusesBlock(Rig &rig, int i, const char *name, const Type &whole, size_t size, bool null)
{
    Edge edge(whole.block.size());
    AM_MEDIA_TYPE type = whole;
    type.cbFormat = ULONG(size);
    type.pbFormat = null ? nullptr : edge.ending(size);
    if (!null)
        memcpy(type.pbFormat, whole.block.data(), size);
    const char *what = null ? "NULL" : "cut";
    HRESULT hr = rig.in[i]->QueryAccept(&type);
    CHECK(isRefusal(hr), "%s, %s at %d: QueryAccept %s", name, what, int(size), hrName(hr).c_str());
    hr = rig.in[i]->ReceiveConnection(&rig.source->pin[i], &type);
    CHECK(isRefusal(hr) && hr != S_FALSE, "%s, %s at %d: ReceiveConnection %s", name, what, int(size), hrName(hr).c_str());
    if (SUCCEEDED(hr))
        rig.in[i]->Disconnect();
    QUIET(rig.source->pin[i].refs == 0, "the connector keeps no reference");
}

void shortBlocks()
{
    Rig rig(0, nullptr);
    struct Case {
        int pin;
        const char *name;
        Type type;
        size_t fixed;
    };
    const size_t mpeg2 = offsetof(MPEG2VIDEOINFO, dwSequenceHeader);
    for (const Case &c : { Case{ 0, "MPEG2VIDEOINFO", videoType(), mpeg2 }, Case{ 0, "MPEG2VIDEOINFO of AVC1", videoTypeAVC1(), mpeg2 },
             Case{ 0, "VIDEOINFOHEADER", videoTypeInfo(FORMAT_VideoInfo), sizeof(VIDEOINFOHEADER) },
             Case{ 0, "VIDEOINFOHEADER2", videoTypeInfo(FORMAT_VideoInfo2), sizeof(VIDEOINFOHEADER2) }, Case{ 1, "WAVEFORMATEX", audioType(), 18 },
             Case{ 1, "WAVEFORMATEX of ADTS", audioTypeADTS(), 18 } }) {
        for (size_t size : { size_t(0), size_t(1), size_t(2), size_t(16), c.fixed / 2, c.fixed - 4, c.fixed - 1 })
            if (size < c.fixed)
                refusesBlock(rig, c.pin, c.name, c.type, size, false);
        refusesBlock(rig, c.pin, c.name, c.type, 0, true);
        refusesBlock(rig, c.pin, c.name, c.type, c.type.block.size(), true);
        refusesBlock(rig, c.pin, c.name, c.type, 0x7fffffff, true);
    }
}

// lyingSample delivers a sample with a lying type, and a good one after it.
static void lyingSample(int i, const char *name, const Type &type, clip::Form form)
{
    Rig rig(1 << i, dataURL());
    Sample good = i ? clip::audioSample(0) : clip::videoSample(0, form), changed = good;
    changed.type = &type;
    BareSample one(changed), two(good);
    rig.filter->Run(0);
    HRESULT hr = rig.mem[i]->Receive(&one), after = rig.mem[i]->Receive(&two);
    CHECK(hr == S_OK || hr == VFW_E_INVALIDMEDIATYPE, "%s on a sample: %s, then %s", name, hrName(hr).c_str(), hrName(after).c_str());
    rig.filter->Stop();
    CHECK(one.refs == 1 && two.refs == 1, "the samples are released");
}

// lying offers a whole block at the edge whose length field, at `at` with `width`
// bytes, claims more than there is. Taken or refused: nothing may be read past it.
static void lying(int i, const char *name, const Type &honest, size_t at, size_t width, DWORD claim, clip::Form form)
{
    Edge edge(honest.block.size());
    Type type = honest;
    memcpy(&type.block[at], &claim, width);
    AM_MEDIA_TYPE offered = type;
    offered.pbFormat = edge.ending(type.block.size());
    memcpy(offered.pbFormat, type.block.data(), type.block.size());
    Rig rig(0, dataURL());
    OutPin &out = rig.source->pin[i];
    HRESULT accepted = rig.in[i]->QueryAccept(&offered);
    HRESULT hr = rig.in[i]->ReceiveConnection(&out, &offered);
    CHECK((accepted == S_OK) == SUCCEEDED(hr), "%s claims %lu bytes: QueryAccept %s, ReceiveConnection %s", name, (unsigned long)claim, hrName(accepted).c_str(),
        hrName(hr).c_str());
    if (FAILED(hr)) {
        CHECK(isRefusal(accepted) && isRefusal(hr) && isFree(rig.in[i]), "refused, and the pin is free");
        return;
    }
    AM_MEDIA_TYPE back = {};
    CHECK(rig.in[i]->ConnectionMediaType(&back) == S_OK && back.cbFormat <= honest.block.size(), "it hands back no more bytes than it got: %lu", (unsigned long)back.cbFormat);
    freeBlock(&back);
    rig.in[i]->Disconnect();
    out.type = type;
    out.next = i ? clip::audioSamples(10) : clip::videoSamples(form, 10);
    if (rig.connect(i) != S_OK)
        return;
    rig.run();
    CHECK(out.waitDone(5000), "samples come back: %ld taken, last %s", (long)out.taken, hrName(out.last).c_str());
    AM_MEDIA_TYPE again = type;
    again.pbFormat = offered.pbFormat;
    accepted = rig.in[i]->QueryAccept(&again);
    CHECK(accepted == S_OK || accepted == S_FALSE, "%s, asked while running: %s", name, hrName(accepted).c_str());
    rig.stop();
    lyingSample(i, name, type, form);
}

void longHeaders()
{
    limit(45);
    Type video = videoType(), avc1 = videoTypeAVC1(), audio = audioType();
    const size_t length = offsetof(MPEG2VIDEOINFO, cbSequenceHeader), extra = offsetof(WAVEFORMATEX, cbSize);
    DWORD fits = DWORD(video.block.size() - offsetof(MPEG2VIDEOINFO, dwSequenceHeader));
    for (DWORD claim : { fits + 1, fits + 4096, DWORD(0x7fffffff), DWORD(0xffffffff), DWORD(0xffffff7c) }) {
        lying(0, "cbSequenceHeader", video, length, 4, claim, clip::Annex4);
        lying(0, "cbSequenceHeader of AVC1", avc1, length, 4, claim, clip::Length4);
    }
    for (DWORD claim : { 3, 100, 0x7fff, 0xffff })
        lying(1, "cbSize", audio, extra, 2, claim, clip::Annex4);
    // Lengths within the sequence header lie as well.
    for (DWORD claim : { 0xffff, 0x0000 })
        lying(0, "a parameter set's length", avc1, offsetof(MPEG2VIDEOINFO, dwSequenceHeader), 2, claim, clip::Length4);
}

static void accepts(int i, const char *name, const Type &type)
{
    Rig rig(0, nullptr);
    HRESULT hr = rig.in[i]->QueryAccept(&type);
    CHECK(hr == S_OK, "%s: QueryAccept %s", name, hrName(hr).c_str());
    hr = rig.in[i]->ReceiveConnection(&rig.source->pin[i], &type);
    CHECK(hr == S_OK, "%s: ReceiveConnection %s", name, hrName(hr).c_str());
    rig.in[i]->Disconnect();
}

template <class Info> static Info &infoOf(Type &type) { return *(Info *)type.block.data(); }

void legalOddities()
{
    for (bool header : { true, false }) {
        Type type = videoType(subtypeH264, header);
        infoOf<MPEG2VIDEOINFO>(type).hdr.AvgTimePerFrame = 0;
        accepts(0, "frame time 0", type);
        infoOf<MPEG2VIDEOINFO>(type).hdr.bmiHeader.biHeight = -120;
        accepts(0, "negative height", type);
        infoOf<MPEG2VIDEOINFO>(type).hdr.bmiHeader.biCompression = 0;
        accepts(0, "biCompression 0", type);
    }
    Type exact = videoType(subtypeH264, false);
    exact.setBlock(Bytes(exact.block.begin(), exact.block.begin() + offsetof(MPEG2VIDEOINFO, dwSequenceHeader)));
    accepts(0, "a block that ends where the header would begin", exact);
    for (const GUID &format : { FORMAT_VideoInfo, FORMAT_VideoInfo2 }) {
        Type type = videoTypeInfo(format);
        memset(type.block.data(), 0, type.block.size());
        accepts(0, "an info header of zeros", type);
    }
    Type audio = audioType(false);
    accepts(1, "mono without codec data", audio);
    infoOf<WAVEFORMATEX>(audio).nAvgBytesPerSec = 0;
    infoOf<WAVEFORMATEX>(audio).nBlockAlign = 0;
    infoOf<WAVEFORMATEX>(audio).wBitsPerSample = 16;
    accepts(1, "no rate and no alignment", audio);
    Type fixed = audioType();
    fixed.bFixedSizeSamples = TRUE;
    fixed.lSampleSize = 1;
    accepts(1, "samples of fixed size", fixed);
}
