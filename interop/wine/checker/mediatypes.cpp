// mediatypes.cpp: the media types of source.h.
#include "clip.h"
#include <dvdmedia.h>
#include <mmreg.h>

#define FOURCC_GUID(code) { code, 0x0000, 0x0010, { 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71 } }
const GUID subtypeH264 = FOURCC_GUID(0x34363248), subtypeh264 = FOURCC_GUID(0x34363268);
const GUID subtypeAVC1 = FOURCC_GUID(0x31435641), subtypeavc1 = FOURCC_GUID(0x31637661);
const GUID subtypeAAC = FOURCC_GUID(0xff), subtypeADTS = FOURCC_GUID(0x1600), subtypeHEAAC = FOURCC_GUID(0x1610);

Type::Type(const GUID &major, const GUID &sub, const GUID &format, const Bytes &bytes)
    : AM_MEDIA_TYPE{}
{
    majortype = major;
    subtype = sub;
    formattype = format;
    bFixedSizeSamples = FALSE;
    bTemporalCompression = major == MEDIATYPE_Video;
    setBlock(bytes);
}

Type::Type(const Type &other)
    : AM_MEDIA_TYPE(other)
{
    setBlock(other.block);
}

Type &Type::operator=(const Type &other)
{
    AM_MEDIA_TYPE::operator=(other);
    setBlock(Bytes(other.block));
    return *this;
}

void Type::setBlock(const Bytes &bytes)
{
    block = bytes;
    cbFormat = ULONG(block.size());
    pbFormat = block.empty() ? nullptr : block.data();
}

bool Type::same(const AM_MEDIA_TYPE &other) const
{
    return majortype == other.majortype && subtype == other.subtype && formattype == other.formattype && bFixedSizeSamples == other.bFixedSizeSamples
        && bTemporalCompression == other.bTemporalCompression && lSampleSize == other.lSampleSize && cbFormat == other.cbFormat
        && (!cbFormat || (other.pbFormat && !memcmp(pbFormat, other.pbFormat, cbFormat)));
}

static void fillHeader(BITMAPINFOHEADER *h, const GUID &subtype)
{
    h->biSize = sizeof *h;
    h->biWidth = 160;
    h->biHeight = 120;
    h->biPlanes = 1;
    h->biBitCount = 24;
    h->biCompression = subtype.Data1;
}

// The sequence header's bytes begin where the structure's array does.
const size_t headerAt = offsetof(MPEG2VIDEOINFO, dwSequenceHeader);
static_assert(offsetof(MPEG2VIDEOINFO, dwSequenceHeader) == 132, "MPEG2VIDEOINFO");

static Type mpeg2Type(const GUID &subtype, const Bytes &header, DWORD flags)
{
    Bytes block(headerAt, 0);
    block.insert(block.end(), header.begin(), header.end());
    block.resize(std::max(block.size(), sizeof(MPEG2VIDEOINFO)));
    auto info = (MPEG2VIDEOINFO *)block.data();
    fillHeader(&info->hdr.bmiHeader, subtype);
    info->hdr.AvgTimePerFrame = clip::videoDuration;
    info->cbSequenceHeader = DWORD(header.size());
    info->dwProfile = clip::sps()[1];
    info->dwLevel = clip::sps()[3];
    info->dwFlags = flags;
    return Type(MEDIATYPE_Video, subtype, FORMAT_MPEG2_VIDEO, block);
}

Type videoType(const GUID &subtype, bool header)
{
    return mpeg2Type(subtype, header ? clip::packUnits({ clip::sps(), clip::pps() }, clip::Annex4) : Bytes(), 0);
}

Type videoTypeAVC1(int lengthSize, const GUID &subtype)
{
    return mpeg2Type(subtype, clip::packUnits({ clip::sps(), clip::pps() }, clip::Length2), lengthSize);
}

Type videoTypeInfo(const GUID &format, const GUID &subtype)
{
    Bytes block(format == FORMAT_VideoInfo2 ? sizeof(VIDEOINFOHEADER2) : sizeof(VIDEOINFOHEADER), 0);
    if (format == FORMAT_VideoInfo2) {
        auto info = (VIDEOINFOHEADER2 *)block.data();
        fillHeader(&info->bmiHeader, subtype);
        info->AvgTimePerFrame = clip::videoDuration;
    } else {
        auto info = (VIDEOINFOHEADER *)block.data();
        fillHeader(&info->bmiHeader, subtype);
        info->AvgTimePerFrame = clip::videoDuration;
    }
    return Type(MEDIATYPE_Video, subtype, format, block);
}

static Type waveType(const GUID &subtype, const Bytes &extra)
{
    Bytes block(sizeof(WAVEFORMATEX), 0);
    auto w = (WAVEFORMATEX *)block.data();
    w->wFormatTag = WORD(subtype.Data1);
    w->nChannels = 1;
    w->nSamplesPerSec = 44100;
    w->nAvgBytesPerSec = 2000;
    w->nBlockAlign = 1;
    w->cbSize = WORD(extra.size());
    block.insert(block.end(), extra.begin(), extra.end());
    return Type(MEDIATYPE_Audio, subtype, FORMAT_WaveFormatEx, block);
}

Type audioType(bool config) { return waveType(subtypeAAC, config ? clip::audioConfig() : Bytes()); }
Type audioTypeADTS() { return waveType(subtypeADTS, Bytes()); }
Type videoTypeNone(const GUID &subtype) { return Type(MEDIATYPE_Video, subtype, FORMAT_None); }
Type audioTypeNone(const GUID &subtype) { return Type(MEDIATYPE_Audio, subtype, FORMAT_None); }

HRESULT copyType(AM_MEDIA_TYPE *out, const AM_MEDIA_TYPE &in)
{
    *out = in;
    out->pUnk = nullptr;
    out->pbFormat = nullptr;
    if (!in.cbFormat)
        return S_OK;
    out->pbFormat = (BYTE *)CoTaskMemAlloc(in.cbFormat);
    if (!out->pbFormat)
        return E_OUTOFMEMORY;
    memcpy(out->pbFormat, in.pbFormat, in.cbFormat);
    return S_OK;
}

void freeBlock(AM_MEDIA_TYPE *type)
{
    CoTaskMemFree(type->pbFormat);
    type->pbFormat = nullptr;
    type->cbFormat = 0;
}
