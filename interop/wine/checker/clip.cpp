// clip.cpp: cuts the byte streams of media.h into frames and puts them together in
// the forms of clip.h.
#include "clip.h"
#include "media.h"

namespace clip {

struct Clip {
    std::vector<Frame> frames;
    Bytes sps, pps;
};

static std::vector<Bytes> units(const BYTE *data, size_t size)
{
    std::vector<Bytes> found;
    size_t begin = 0;
    for (size_t i = 0; i + 3 <= size; i++) {
        if (data[i] || data[i + 1] || data[i + 2] != 1)
            continue;
        if (begin)
            found.emplace_back(data + begin, data + i - (data[i - 1] == 0));
        begin = i + 3;
    }
    found.emplace_back(data + begin, data + size);
    return found;
}

static Clip cut(const BYTE *data, size_t size)
{
    Clip c;
    for (const Bytes &nal : units(data, size)) {
        int kind = nal[0] & 31;
        if (kind == 7)
            c.sps = nal;
        else if (kind == 8)
            c.pps = nal;
        if (kind != 1 && kind != 5)
            continue;
        if (nal[1] & 0x80) { // first_mb_in_slice is 0: a new picture
            c.frames.emplace_back();
            c.frames.back().key = kind == 5;
            c.frames.back().shown = int(c.frames.size()) - 1;
        }
        c.frames.back().nals.push_back(nal);
    }
    return c;
}

static const Clip &plain()
{
    static const Clip c = cut(mediaVideo, sizeof mediaVideo);
    return c;
}

static const Clip &withB()
{
    static const Clip c = [] {
        Clip made = cut(mediaReordered, sizeof mediaReordered);
        for (size_t i = 0; i < made.frames.size(); i++)
            made.frames[i].shown = mediaOrder[i];
        return made;
    }();
    return c;
}

const std::vector<Frame> &video() { return plain().frames; }
const std::vector<Frame> &reordered() { return withB().frames; }
const Bytes &sps() { return plain().sps; }
const Bytes &pps() { return plain().pps; }
const Bytes &reorderedSPS() { return withB().sps; }
const Bytes &reorderedPPS() { return withB().pps; }

const std::vector<Bytes> &audio()
{
    static const std::vector<Bytes> frames = [] {
        std::vector<Bytes> found;
        for (size_t at = 0; at + 7 <= sizeof mediaAudio;) {
            const BYTE *h = mediaAudio + at;
            size_t length = (h[3] & 3) << 11 | h[4] << 3 | h[5] >> 5, header = h[1] & 1 ? 7 : 9;
            found.emplace_back(h + header, h + length);
            at += length;
        }
        return found;
    }();
    return frames;
}

const Bytes &audioConfig()
{
    static const Bytes config = [] {
        int object = (mediaAudio[2] >> 6) + 1, rate = mediaAudio[2] >> 2 & 15, channels = (mediaAudio[2] & 1) << 2 | mediaAudio[3] >> 6;
        return Bytes{ BYTE(object << 3 | rate >> 1), BYTE(rate << 7 | channels << 3) };
    }();
    return config;
}

Bytes adts(const Bytes &frame)
{
    size_t length = frame.size() + 7;
    Bytes out = { 0xff, 0xf1, mediaAudio[2], BYTE((mediaAudio[3] & 0xc0) | length >> 11), BYTE(length >> 3), BYTE((length & 7) << 5 | 0x1f), 0xfc };
    out.insert(out.end(), frame.begin(), frame.end());
    return out;
}

Bytes packUnits(const std::vector<Bytes> &nals, Form form)
{
    Bytes out;
    for (const Bytes &nal : nals) {
        if (form == Annex4 || form == Annex3) {
            out.insert(out.end(), form == Annex4 ? 3 : 2, 0);
            out.push_back(1);
        } else {
            for (int shift = form == Length1 ? 0 : form == Length2 ? 8 : 24; shift >= 0; shift -= 8)
                out.push_back(BYTE(nal.size() >> shift));
        }
        out.insert(out.end(), nal.begin(), nal.end());
    }
    return out;
}

Bytes pack(const Frame &frame, Form form, bool parameterSets)
{
    std::vector<Bytes> all;
    if (parameterSets)
        all = { sps(), pps() };
    all.insert(all.end(), frame.nals.begin(), frame.nals.end());
    return packUnits(all, form);
}

Sample videoSample(long n, Form form)
{
    const Frame &frame = video()[n % video().size()];
    Sample s;
    s.data = pack(frame, form, frame.key && (form == Annex4 || form == Annex3));
    s.start = n * videoDuration;
    s.stop = s.start + videoDuration;
    s.sync = frame.key;
    return s;
}

Sample audioSample(long n, bool withADTS)
{
    const Bytes &frame = audio()[n % audio().size()];
    Sample s;
    s.data = withADTS ? adts(frame) : frame;
    s.start = audioTime(n);
    s.stop = audioTime(n + 1);
    s.sync = true;
    return s;
}

Generator videoSamples(Form form, long count)
{
    return [=](long n, Sample &s) {
        if (count >= 0 && n >= count)
            return false;
        s = videoSample(n, form);
        return true;
    };
}

Generator audioSamples(long count, bool withADTS)
{
    return [=](long n, Sample &s) {
        if (count >= 0 && n >= count)
            return false;
        s = audioSample(n, withADTS);
        return true;
    };
}

Generator reorderedSamples(long count)
{
    return [=](long n, Sample &s) {
        if (count >= 0 && n >= count)
            return false;
        long length = long(reordered().size());
        const Frame &frame = reordered()[n % length];
        std::vector<Bytes> all = frame.nals;
        if (frame.key)
            all.insert(all.begin(), { reorderedSPS(), reorderedPPS() });
        s.data = packUnits(all, Annex4);
        s.start = (n / length * length + frame.shown) * videoDuration;
        s.stop = s.start + videoDuration;
        s.sync = frame.key;
        return true;
    };
}

} // namespace clip
