// Reads FLV files: one access unit at a time, in the order of the file.
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <vector>

enum FlvTrack { FLV_VIDEO, FLV_AUDIO };

// One access unit.
struct FlvFrame {
    int64_t decodeMs;       // of the tag; never below 0
    int32_t compositionMs;  // presentation time minus decode time
    bool key;
    std::vector<uint8_t> data; // NAL units with lengths before them, or raw AAC
};

// What a first walk over the file finds out about a track.
struct FlvTrackInfo {
    std::vector<uint8_t> config; // AVCDecoderConfigurationRecord or AudioSpecificConfig; empty: no such track
    uint32_t largest;            // bytes of its largest access unit
    uint32_t frames;
    int64_t firstMs, lastMs;     // decode times
};

// An open file. Several readers may read the same file, each at its own place.
// Nothing in the file is trusted: sizes are checked before anything is read, and
// a file that ends in the middle of a tag is read as far as it is whole.
class FlvReader {
public:
    FlvReader();
    ~FlvReader();

    // Open gives NULL, or what is wrong.
    const char *Open(const wchar_t *path);
    // Scan walks over the whole file and returns to its beginning. NULL, or what
    // is wrong with it.
    const char *Scan(FlvTrackInfo *video, FlvTrackInfo *audio);
    // Next reads the next access unit of a track; false at the end of the file.
    bool Next(FlvTrack track, FlvFrame *frame);

private:
    struct Tag {
        FlvTrack track;
        int64_t ms;
        bool config, key;
        int32_t compositionMs;
        uint32_t size; // bytes of data that are left to read
    };

    FlvReader(const FlvReader &);
    void operator=(const FlvReader &);

    bool read(void *into, size_t size);
    bool skip(uint32_t size);
    bool rewind();
    bool nextTag(Tag *tag);
    bool videoHead(uint32_t size, Tag *tag);
    bool audioHead(uint32_t size, Tag *tag);
    const char *note(const Tag &tag, FlvTrackInfo *info);

    FILE *file_;
    int64_t size_;       // of the file
    int64_t at_;         // where the next byte is read
    int64_t tags_;       // where the first tag stands
    const char *refuse_; // set when the file has what can't be published
};
