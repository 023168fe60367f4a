// The media types that the sample's pins offer, built from what the file's
// sequence headers say.
#pragma once

#ifndef NO_DSHOW_STRSAFE
#define NO_DSHOW_STRSAFE // else dshow.h changes what string functions are allowed
#endif
#include <windows.h>
#include <dshow.h>

#include <stdint.h>
#include <vector>

// A media type that owns its format block.
class MediaType {
public:
    MediaType();

    // H.264 as MP4 and FLV have it: NAL units with their lengths before them, the
    // parameter sets in the format block. False: the record is damaged.
    bool SetAvc1(const std::vector<uint8_t> &avcC);
    // H.264 with start codes and no format block: the parameter sets are in the
    // stream.
    void SetAnnexB();
    // AAC frames without any header; the AudioSpecificConfig is in the format
    // block. False: it is damaged.
    bool SetAac(const std::vector<uint8_t> &config);

    // The type; it stays this object's.
    const AM_MEDIA_TYPE *Get() const { return &type_; }
    // A deep copy in COM's memory: the receiver frees pbFormat.
    HRESULT CopyTo(AM_MEDIA_TYPE *to) const;
    bool Equals(const AM_MEDIA_TYPE *other) const;

private:
    MediaType(const MediaType &);
    void operator=(const MediaType &);

    std::vector<uint8_t> format_;
    AM_MEDIA_TYPE type_;
};

// What an AVCDecoderConfigurationRecord holds.
struct AvcConfig {
    uint8_t profile, level;
    uint32_t lengthSize;                          // bytes of the length before a NAL unit: 1, 2 or 4
    std::vector<std::vector<uint8_t> > parameters; // SPS and PPS

    // Parse tells false for a damaged record.
    bool Parse(const std::vector<uint8_t> &avcC);
};

// ToAnnexB replaces the lengths by start codes and, before a key frame, puts the
// parameter sets in front. False: the access unit is damaged.
bool ToAnnexB(const AvcConfig &config, bool key, const std::vector<uint8_t> &from, std::vector<uint8_t> *to);

// How many samples a second an AudioSpecificConfig tells, and how many channels;
// false when it tells neither.
bool ReadAacConfig(const std::vector<uint8_t> &config, uint32_t *rate, uint32_t *channels);
