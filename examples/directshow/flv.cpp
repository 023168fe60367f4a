#include "flv.h"

namespace {

// A configuration longer than this is none.
const uint32_t kLongestConfig = 64 * 1024;

enum { kTagAudio = 8, kTagVideo = 9 };
enum { kCodecAvc = 7, kSoundAac = 10 };
enum { kSequenceHeader = 0, kAccessUnit = 1 };

uint32_t be24(const uint8_t *p) { return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2]; }

// The composition time is a signed number of 24 bits.
int32_t signed24(const uint8_t *p)
{
    int32_t n = (int32_t)be24(p);
    return n & 0x800000 ? n - 0x1000000 : n;
}

} // namespace

FlvReader::FlvReader() : file_(NULL), size_(0), at_(0), tags_(0), refuse_(NULL) {}

FlvReader::~FlvReader()
{
    if (file_)
        fclose(file_);
}

const char *FlvReader::Open(const wchar_t *path)
{
    file_ = _wfopen(path, L"rb");
    if (!file_)
        return "it can't be opened";
    if (_fseeki64(file_, 0, SEEK_END) != 0 || (size_ = _ftelli64(file_)) < 0 || _fseeki64(file_, 0, SEEK_SET) != 0)
        return "it can't be read at any place; a pipe is no file";

    uint8_t head[9];
    if (!read(head, sizeof head) || head[0] != 'F' || head[1] != 'L' || head[2] != 'V')
        return "it is no FLV file";
    // The header tells its own size; behind it stands the size of the tag before
    // the first one, which is 0.
    tags_ = ((int64_t)head[5] << 24 | be24(head + 6)) + 4;
    return rewind() ? NULL : "it ends in its header";
}

const char *FlvReader::Scan(FlvTrackInfo *video, FlvTrackInfo *audio)
{
    *video = FlvTrackInfo();
    *audio = FlvTrackInfo();
    Tag tag;
    while (nextTag(&tag)) {
        const char *wrong = note(tag, tag.track == FLV_VIDEO ? video : audio);
        if (wrong)
            return wrong;
    }
    if (refuse_)
        return refuse_;
    // A track without a configuration can't be decoded: it counts as none.
    if ((video->config.empty() || !video->frames) && (audio->config.empty() || !audio->frames))
        return "it has neither H.264 video nor AAC audio";
    return rewind() ? NULL : "it can't be read again";
}

// note keeps the first configuration and counts access units; the tag's data is
// read or passed over.
const char *FlvReader::note(const Tag &tag, FlvTrackInfo *info)
{
    if (tag.config) {
        if (!info->config.empty() || tag.size == 0)
            return skip(tag.size) ? NULL : "it can't be read";
        if (tag.size > kLongestConfig)
            return "a sequence header in it is too long";
        info->config.resize(tag.size);
        return read(&info->config[0], tag.size) ? NULL : "it can't be read";
    }
    if (!info->frames++)
        info->firstMs = tag.ms;
    info->lastMs = tag.ms;
    if (tag.size > info->largest)
        info->largest = tag.size;
    return skip(tag.size) ? NULL : "it can't be read";
}

bool FlvReader::Next(FlvTrack track, FlvFrame *frame)
{
    Tag tag;
    while (nextTag(&tag)) {
        if (tag.track != track || tag.config || tag.size == 0) {
            if (!skip(tag.size))
                return false;
            continue;
        }
        frame->decodeMs = tag.ms;
        frame->compositionMs = tag.compositionMs;
        frame->key = tag.key;
        frame->data.resize(tag.size);
        return read(&frame->data[0], tag.size);
    }
    return false;
}

// nextTag reads up to the data of the next tag of H.264 or AAC. False at the end
// of the file, and where the file is cut off.
bool FlvReader::nextTag(Tag *tag)
{
    const uint32_t kTrailer = 4; // each tag's size stands behind it once more
    for (;;) {
        // Whoever read the last tag's data stands before its trailer.
        uint8_t head[11];
        if (at_ != tags_ && !skip(kTrailer))
            return false;
        if (!read(head, sizeof head))
            return false;
        uint32_t size = be24(head + 1);
        if (size_ - at_ < (int64_t)size)
            return false;

        tag->ms = (int64_t)head[7] << 24 | be24(head + 4);
        tag->size = size;
        switch (head[0] & 0x1f) { // the upper bits: reserved, and "encrypted"
        case kTagVideo:
            if (videoHead(size, tag))
                return true;
            break;
        case kTagAudio:
            if (audioHead(size, tag))
                return true;
            break;
        default:
            break; // onMetaData and the like: the writer makes its own
        }
        if (refuse_ || !skip(tag->size))
            return false;
    }
}

bool FlvReader::videoHead(uint32_t size, Tag *tag)
{
    uint8_t head[5];
    if (size < sizeof head)
        return false;
    if (!read(head, sizeof head))
        return false;
    tag->size = size - (uint32_t)sizeof head;
    if ((head[0] & 0x80) || (head[0] & 0x0f) != kCodecAvc) {
        refuse_ = "its video is not H.264";
        return false;
    }
    tag->track = FLV_VIDEO;
    tag->key = head[0] >> 4 == 1;
    tag->config = head[1] == kSequenceHeader;
    tag->compositionMs = signed24(head + 2);
    return tag->config || head[1] == kAccessUnit; // 2 is the end of the sequence
}

bool FlvReader::audioHead(uint32_t size, Tag *tag)
{
    uint8_t head[2];
    if (size < sizeof head)
        return false;
    if (!read(head, sizeof head))
        return false;
    tag->size = size - (uint32_t)sizeof head;
    if (head[0] >> 4 != kSoundAac) {
        refuse_ = "its audio is not AAC";
        return false;
    }
    tag->track = FLV_AUDIO;
    tag->key = true;
    tag->config = head[1] == kSequenceHeader;
    tag->compositionMs = 0;
    return true;
}

bool FlvReader::read(void *into, size_t size)
{
    if (size_ - at_ < (int64_t)size || fread(into, 1, size, file_) != size)
        return false;
    at_ += (int64_t)size;
    return true;
}

bool FlvReader::skip(uint32_t size)
{
    if (size_ - at_ < (int64_t)size || _fseeki64(file_, at_ + size, SEEK_SET) != 0)
        return false;
    at_ += size;
    return true;
}

bool FlvReader::rewind()
{
    if (tags_ > size_ || _fseeki64(file_, tags_, SEEK_SET) != 0)
        return false;
    at_ = tags_;
    return true;
}
