#include "mediatype.h"

#include <dvdmedia.h>
#include <stddef.h>
#include <string.h>

namespace {

// A media subtype is a FourCC, or a WAVE format tag, in this GUID.
GUID subtype(DWORD code)
{
    GUID g = {code, 0, 0x10, {0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71}};
    return g;
}

const DWORD kAvc1 = MAKEFOURCC('A', 'V', 'C', '1');
const DWORD kH264 = MAKEFOURCC('H', '2', '6', '4');
const WORD kRawAac = 0x00ff;

void append(std::vector<uint8_t> *to, const uint8_t *from, size_t size)
{
    to->insert(to->end(), from, from + size);
}

} // namespace

MediaType::MediaType()
{
    memset(&type_, 0, sizeof type_);
    type_.lSampleSize = 1;
}

bool MediaType::SetAvc1(const std::vector<uint8_t> &avcC)
{
    AvcConfig config;
    if (!config.Parse(avcC))
        return false;
    // The "sequence header" of the block: each parameter set with its length, in
    // two bytes, before it.
    std::vector<uint8_t> header;
    for (size_t i = 0; i < config.parameters.size(); i++) {
        const std::vector<uint8_t> &set = config.parameters[i];
        header.push_back((uint8_t)(set.size() >> 8));
        header.push_back((uint8_t)set.size());
        append(&header, &set[0], set.size());
    }
    const size_t fixed = offsetof(MPEG2VIDEOINFO, dwSequenceHeader);
    format_.assign(fixed, 0);
    format_.insert(format_.end(), header.begin(), header.end());
    if (format_.size() < sizeof(MPEG2VIDEOINFO))
        format_.resize(sizeof(MPEG2VIDEOINFO));

    // An encoder fills in width, height and AvgTimePerFrame as well. The writer
    // reads the picture's size from the parameter sets.
    MPEG2VIDEOINFO *block = (MPEG2VIDEOINFO *)&format_[0];
    block->hdr.bmiHeader.biSize = sizeof(BITMAPINFOHEADER);
    block->hdr.bmiHeader.biCompression = kAvc1;
    block->cbSequenceHeader = (DWORD)header.size();
    block->dwProfile = config.profile;
    block->dwLevel = config.level;
    block->dwFlags = config.lengthSize; // that is what dwFlags means for AVC1

    type_.majortype = MEDIATYPE_Video;
    type_.subtype = subtype(kAvc1);
    type_.formattype = FORMAT_MPEG2_VIDEO;
    type_.cbFormat = (ULONG)format_.size();
    type_.pbFormat = &format_[0];
    return true;
}

void MediaType::SetAnnexB()
{
    type_.majortype = MEDIATYPE_Video;
    type_.subtype = subtype(kH264);
    type_.formattype = FORMAT_None;
}

bool MediaType::SetAac(const std::vector<uint8_t> &config)
{
    uint32_t rate, channels;
    if (!ReadAacConfig(config, &rate, &channels) || config.size() > 0xffff)
        return false;
    format_.assign(sizeof(WAVEFORMATEX), 0);
    append(&format_, &config[0], config.size());
    WAVEFORMATEX *block = (WAVEFORMATEX *)&format_[0];
    block->wFormatTag = kRawAac;
    block->nChannels = (WORD)channels;
    block->nSamplesPerSec = rate;
    block->nBlockAlign = 1;
    block->cbSize = (WORD)config.size();

    type_.majortype = MEDIATYPE_Audio;
    type_.subtype = subtype(kRawAac);
    type_.formattype = FORMAT_WaveFormatEx;
    type_.cbFormat = (ULONG)format_.size();
    type_.pbFormat = &format_[0];
    return true;
}

HRESULT MediaType::CopyTo(AM_MEDIA_TYPE *to) const
{
    *to = type_;
    if (!type_.cbFormat)
        return S_OK;
    to->pbFormat = (BYTE *)CoTaskMemAlloc(type_.cbFormat);
    if (!to->pbFormat) {
        to->cbFormat = 0;
        return E_OUTOFMEMORY;
    }
    memcpy(to->pbFormat, type_.pbFormat, type_.cbFormat);
    return S_OK;
}

bool MediaType::Equals(const AM_MEDIA_TYPE *other) const
{
    return other->majortype == type_.majortype && other->subtype == type_.subtype && other->formattype == type_.formattype &&
           other->cbFormat == type_.cbFormat && (!type_.cbFormat || memcmp(other->pbFormat, type_.pbFormat, type_.cbFormat) == 0);
}

bool AvcConfig::Parse(const std::vector<uint8_t> &avcC)
{
    const size_t head = 5;
    if (avcC.size() < head + 1 || avcC[0] != 1)
        return false;
    profile = avcC[1];
    level = avcC[3];
    lengthSize = (avcC[4] & 3) + 1u;
    if (lengthSize == 3)
        return false;
    parameters.clear();
    size_t at = head;
    for (int kind = 0; kind < 2; kind++) { // SPS, then PPS
        if (at >= avcC.size())
            return false;
        unsigned count = kind == 0 ? avcC[at] & 0x1fu : avcC[at];
        for (at++; count > 0; count--) {
            if (avcC.size() - at < 2)
                return false;
            size_t size = (size_t)avcC[at] << 8 | avcC[at + 1];
            at += 2;
            if (size == 0 || avcC.size() - at < size)
                return false;
            parameters.push_back(std::vector<uint8_t>(avcC.begin() + (ptrdiff_t)at, avcC.begin() + (ptrdiff_t)(at + size)));
            at += size;
        }
    }
    return parameters.size() >= 2; // what follows belongs to the High profiles, and is not needed here
}

bool ToAnnexB(const AvcConfig &config, bool key, const std::vector<uint8_t> &from, std::vector<uint8_t> *to)
{
    static const uint8_t startCode[] = {0, 0, 0, 1};
    to->clear();
    for (size_t i = 0; key && i < config.parameters.size(); i++) {
        append(to, startCode, sizeof startCode);
        append(to, &config.parameters[i][0], config.parameters[i].size());
    }
    for (size_t at = 0; at < from.size();) {
        if (from.size() - at < config.lengthSize)
            return false;
        size_t size = 0;
        for (uint32_t i = 0; i < config.lengthSize; i++)
            size = size << 8 | from[at++];
        if (size > from.size() - at)
            return false;
        if (size == 0)
            continue;
        append(to, startCode, sizeof startCode);
        append(to, &from[at], size);
        at += size;
    }
    return true;
}

bool ReadAacConfig(const std::vector<uint8_t> &config, uint32_t *rate, uint32_t *channels)
{
    static const uint32_t rates[] = {96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350};
    if (config.size() < 2)
        return false;
    // Five bits object type, four bits index of the rate, four bits channels.
    unsigned index = (config[0] & 7u) << 1 | config[1] >> 7;
    if (index >= sizeof rates / sizeof *rates)
        return false;
    *rate = rates[index];
    *channels = config[1] >> 3 & 15u;
    return *channels != 0;
}
