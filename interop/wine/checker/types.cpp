// types.cpp: the media types that are taken and refused, and their enumeration
// (items 38–40, 44 and 45); oddtypes.cpp has the damaged ones.
#include "enumerator.h"
#include "pins.h"
#include <dvdmedia.h>

bool flow(int i, const Type &type, const Generator &next, LONG samples)
{
    Rig rig(0, dataURL());
    OutPin &out = rig.source->pin[i];
    out.type = type;
    out.next = next;
    if (rig.connect(i) != S_OK)
        return false;
    rig.run();
    bool taken = out.waitTaken(samples, 5000);
    rig.stop();
    return taken;
}

struct Offer {
    const char *name;
    Type type;
    clip::Form form = clip::Annex4;
    bool adts = false;
};

static void takes(int i, const std::vector<Offer> &offers)
{
    Rig rig(0, nullptr);
    for (const Offer &o : offers) {
        HRESULT hr = rig.in[i]->QueryAccept(&o.type);
        CHECK(hr == S_OK, "QueryAccept of %s: %s", o.name, hrName(hr).c_str());
        auto next = i ? clip::audioSamples(30, o.adts) : clip::videoSamples(o.form, 30);
        CHECK(flow(i, o.type, next, 30), "samples flow with %s", o.name);
    }
}

void videoTypes()
{
    limit(45);
    takes(0, {
        { "H264, MPEG2VIDEO", videoType(subtypeH264, true) },
        { "h264, MPEG2VIDEO", videoType(subtypeh264, true) },
        { "H264, MPEG2VIDEO without header", videoType(subtypeH264, false) },
        { "h264, MPEG2VIDEO without header", videoType(subtypeh264, false), clip::Annex3 },
        { "H264, no format", videoTypeNone(subtypeH264) },
        { "h264, no format", videoTypeNone(subtypeh264), clip::Annex3 },
        { "H264, VIDEOINFO", videoTypeInfo(FORMAT_VideoInfo) },
        { "H264, VIDEOINFO2", videoTypeInfo(FORMAT_VideoInfo2) },
        { "AVC1, 4-byte lengths", videoTypeAVC1(4), clip::Length4 },
        { "avc1, 2-byte lengths", videoTypeAVC1(2, subtypeavc1), clip::Length2 },
        { "AVC1, 1-byte lengths", videoTypeAVC1(1), clip::Length1 },
    });
}

void audioTypes()
{
    takes(1, {
        { "AAC with its configuration", audioType(true) },
        { "AAC without configuration", audioType(false) },
        { "AAC, no format", audioTypeNone() },
        { "ADTS", audioTypeADTS(), clip::Annex4, true },
    });
}

// refusesType checks that pin i takes a type in no way and stays as it was.
static void refusesType(Rig &rig, int i, const std::string &name, const Type &type)
{
    HRESULT hr = rig.in[i]->QueryAccept(&type);
    CHECK(hr == S_FALSE, "pin %d, QueryAccept of %s: %s", i, name.c_str(), hrName(hr).c_str());
    LONG before = rig.source->pin[i].refs;
    hr = rig.in[i]->ReceiveConnection(&rig.source->pin[i], &type);
    CHECK(hr == VFW_E_TYPE_NOT_ACCEPTED, "pin %d, ReceiveConnection with %s: %s", i, name.c_str(), hrName(hr).c_str());
    CHECK(isFree(rig.in[i]) && rig.source->pin[i].refs == before, "pin %d is as before", i);
    if (SUCCEEDED(hr))
        rig.in[i]->Disconnect();
}

static Type with(Type type, const GUID &major, const GUID &subtype)
{
    if (major != GUID_NULL)
        type.majortype = major;
    type.subtype = subtype;
    return type;
}

static Type withFormat(Type type, const GUID &format, size_t blockSize)
{
    type.formattype = format;
    type.setBlock(Bytes(blockSize, 0));
    return type;
}

void refusedTypes()
{
    Rig rig(0, nullptr);
    Type video = videoType(), audio = audioType(), videoNone = videoTypeNone(), audioNone = audioTypeNone();
    std::vector<std::pair<std::string, Type>> forVideo = {
        { "AAC", audio }, { "AAC without format", audioNone }, { "ADTS", audioTypeADTS() }, { "a stream", with(video, MEDIATYPE_Stream, subtypeH264) },
        { "text", with(videoNone, MEDIATYPE_Text, subtypeH264) }, { "interleaved", with(videoNone, MEDIATYPE_Interleaved, subtypeH264) },
        { "audio of subtype H264", with(audio, MEDIATYPE_Audio, subtypeH264) }, { "video of subtype AAC", with(video, GUID_NULL, subtypeAAC) },
        { "RGB24", with(video, GUID_NULL, MEDIASUBTYPE_RGB24) }, { "RGB32 without format", with(videoNone, GUID_NULL, MEDIASUBTYPE_RGB32) },
        { "YUY2", with(videoTypeInfo(FORMAT_VideoInfo), GUID_NULL, MEDIASUBTYPE_YUY2) }, { "no subtype", with(video, GUID_NULL, GUID_NULL) },
        { "MPEG-1 payload", with(video, GUID_NULL, MEDIASUBTYPE_MPEG1Payload) }, { "a WAVEFORMATEX", withFormat(video, FORMAT_WaveFormatEx, 64) },
        { "a DVINFO", withFormat(video, FORMAT_DvInfo, 256) }, { "a foreign format", withFormat(video, subtypeAAC, 256) }, { "nothing set", Type() },
    };
    std::vector<std::pair<std::string, Type>> forAudio = {
        { "H264", video }, { "H264 without format", videoNone }, { "AVC1", videoTypeAVC1() }, { "a stream", with(audio, MEDIATYPE_Stream, subtypeAAC) },
        { "text", with(audioNone, MEDIATYPE_Text, subtypeAAC) }, { "MIDI", with(audioNone, MEDIATYPE_Midi, subtypeAAC) },
        { "video of subtype AAC", with(video, MEDIATYPE_Video, subtypeAAC) }, { "audio of subtype H264", with(audio, GUID_NULL, subtypeH264) },
        { "PCM", with(audio, GUID_NULL, MEDIASUBTYPE_PCM) }, { "MP3", with(audio, GUID_NULL, MEDIASUBTYPE_MPEG1AudioPayload) },
        { "MP3 by its tag", with(audio, GUID_NULL, [] { GUID g = subtypeAAC; g.Data1 = 0x55; return g; }()) }, { "no subtype", with(audio, GUID_NULL, GUID_NULL) },
        { "a VIDEOINFOHEADER", withFormat(audio, FORMAT_VideoInfo, 256) }, { "an MPEG2VIDEOINFO", withFormat(audio, FORMAT_MPEG2_VIDEO, 256) },
        { "a DVINFO", withFormat(audio, FORMAT_DvInfo, 256) }, { "nothing set", Type() },
    };
    for (auto &t : forVideo)
        refusesType(rig, 0, t.first, t.second);
    for (auto &t : forAudio)
        refusesType(rig, 1, t.first, t.second);
}

void queryAcceptKeeps()
{
    Rig rig(0, nullptr);
    FakeClock attached; // any object: a type may carry one
    for (int i = 0; i < 2; i++) {
        Type type = i ? audioType() : videoType(), before = type;
        type.pUnk = before.pUnk = &attached;
        CHECK_HR(rig.in[i]->QueryAccept(&type), S_OK);
        CHECK(type.same(before) && type.pUnk == &attached && type.block == before.block && type.pbFormat == type.block.data(), "pin %d leaves the type as it was", i);
        CHECK(attached.refs == 1, "pin %d keeps nothing of it: %ld", i, (long)attached.refs);
        // What it had looked at may go away.
        auto page = (BYTE *)VirtualAlloc(nullptr, 4096, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
        memcpy(page, before.block.data(), before.block.size());
        type.pbFormat = page;
        CHECK_HR(rig.in[i]->QueryAccept(&type), S_OK);
        VirtualFree(page, 0, MEM_RELEASE);
        CHECK_HR(rig.in[i]->QueryAccept(&before), S_OK);
    }
}

static void freeType(AM_MEDIA_TYPE *type)
{
    freeBlock(type);
    if (type->pUnk)
        type->pUnk->Release();
    CoTaskMemFree(type);
}

static bool sameSubtype(AM_MEDIA_TYPE *a, AM_MEDIA_TYPE *b) { return a->majortype == b->majortype && a->subtype == b->subtype; }

static void listsTypes(IPin *pin, const char *name, const GUID &major, const std::vector<GUID> &documented)
{
    IEnumMediaTypes *all = nullptr;
    CHECK_HR(pin->EnumMediaTypes(&all), S_OK);
    AM_MEDIA_TYPE *types[16] = {};
    ULONG count = 0;
    CHECK_HR(all->Next(16, types, &count), S_FALSE);
    std::vector<bool> seen(documented.size());
    for (ULONG i = 0; i < count; i++) {
        bool known = false;
        for (size_t j = 0; j < documented.size(); j++)
            if (types[i]->subtype == documented[j])
                known = seen[j] = true;
        CHECK(known && types[i]->majortype == major, "%s type %lu is documented: subtype %08lx", name, (unsigned long)i, (unsigned long)types[i]->subtype.Data1);
        CHECK(ofTaskMemory(types[i]), "%s type %lu is of the COM allocator", name, (unsigned long)i);
        CHECK(!types[i]->cbFormat == !types[i]->pbFormat && (!types[i]->pbFormat || ofTaskMemory(types[i]->pbFormat)), "%s type %lu: cbFormat and pbFormat agree", name,
            (unsigned long)i);
    }
    for (size_t j = 0; j < documented.size(); j++)
        CHECK(seen[j], "%s: subtype %08lx is listed", name, (unsigned long)documented[j].Data1);
    for (ULONG i = 0; i < count; i++)
        freeType(types[i]);
    CHECK_HR(all->Next(1, types, &count), S_FALSE);
    CHECK_EQ(count, 0);
    checkNextWithoutCount(all, freeType, ULONG(documented.size()));
    all->Reset();
    all->Next(16, types, &count);
    for (ULONG i = 0; i < count; i++)
        freeType(types[i]);
    checkSkipResetClone(all, count, freeType, sameSubtype);
    CHECK_EQ(all->Release(), 0);
}

void enumerateTypes()
{
    Rig rig(1, nullptr);
    listsTypes(rig.in[0], "video, connected", MEDIATYPE_Video, { subtypeH264, subtypeh264 });
    rig.disconnect(0);
    listsTypes(rig.in[0], "video", MEDIATYPE_Video, { subtypeH264, subtypeh264 });
    listsTypes(rig.in[1], "audio", MEDIATYPE_Audio, { subtypeAAC });
}
