// samplefile.cpp: see samplefile.h.
#include "samplefile.h"
#include <dvdmedia.h>
#include <ks.h>
#include <ksmedia.h>
#include <mmreg.h>

static Bytes hexBytes(const char *text)
{
    Bytes bytes;
    unsigned value;
    for (; *text != '-' && sscanf(text, "%2x", &value) == 1; text += 2)
        bytes.push_back(BYTE(value));
    return bytes;
}

static GUID codeGUID(const char *text, bool video)
{
    GUID guid = MEDIATYPE_Video; // a FourCC GUID, but for its code
    guid.Data1 = video ? *(const DWORD *)text : strtoul(text, nullptr, 16);
    return guid;
}

static void fill(BITMAPINFOHEADER &header, const GUID &subtype, const long *n)
{
    header.biSize = sizeof header;
    header.biWidth = n[0];
    header.biHeight = n[1];
    header.biPlanes = 1;
    header.biBitCount = 24;
    header.biCompression = subtype.Data1;
}

template <class Info> static Bytes videoBlock(const GUID &subtype, const long *n)
{
    Bytes block(sizeof(Info), 0);
    auto info = (Info *)block.data();
    fill(info->bmiHeader, subtype, n);
    info->AvgTimePerFrame = n[2];
    return block;
}

static Bytes mpeg2Block(const GUID &subtype, const long *n, const Bytes &header)
{
    const size_t at = offsetof(MPEG2VIDEOINFO, dwSequenceHeader);
    Bytes block(std::max(at + header.size(), sizeof(MPEG2VIDEOINFO)), 0);
    auto info = (MPEG2VIDEOINFO *)block.data();
    fill(info->hdr.bmiHeader, subtype, n);
    info->hdr.AvgTimePerFrame = n[2];
    info->dwFlags = n[3];
    info->cbSequenceHeader = DWORD(header.size());
    std::copy(header.begin(), header.end(), block.begin() + at);
    return block;
}

static Bytes waveBlock(const GUID &subtype, const long *n, const Bytes &header, bool heaac)
{
    const size_t at = heaac ? sizeof(HEAACWAVEINFO) : sizeof(WAVEFORMATEX);
    Bytes block(at + header.size(), 0);
    auto wave = (WAVEFORMATEX *)block.data();
    wave->wFormatTag = WORD(subtype.Data1);
    wave->nChannels = WORD(n[0]);
    wave->nSamplesPerSec = n[1];
    wave->nBlockAlign = 1;
    wave->cbSize = WORD(block.size() - sizeof(WAVEFORMATEX));
    if (heaac) {
        ((HEAACWAVEINFO *)wave)->wPayloadType = WORD(n[2]);
        ((HEAACWAVEINFO *)wave)->wAudioProfileLevelIndication = 0xfe;
    }
    std::copy(header.begin(), header.end(), block.begin() + at);
    return block;
}

bool SampleFile::typeLine(const char *text)
{
    int pin;
    char code[16], format[16], header[4096];
    long n[4];
    if (sscanf(text, "type %d %15s %15s %ld %ld %ld %ld %4095s", &pin, code, format, &n[0], &n[1], &n[2], &n[3], header) != 8 || pin < 0 || pin > 1)
        return false;
    GUID subtype = codeGUID(code, pin == 0), block = FORMAT_None;
    Bytes bytes, extra = hexBytes(header);
    std::string kind = format;
    if (kind == "mpeg2")
        block = FORMAT_MPEG2_VIDEO, bytes = mpeg2Block(subtype, n, extra);
    else if (kind == "videoinfo")
        block = FORMAT_VideoInfo, bytes = videoBlock<VIDEOINFOHEADER>(subtype, n);
    else if (kind == "videoinfo2")
        block = FORMAT_VideoInfo2, bytes = videoBlock<VIDEOINFOHEADER2>(subtype, n);
    else if (kind == "wave" || kind == "heaac")
        block = FORMAT_WaveFormatEx, bytes = waveBlock(subtype, n, extra, kind == "heaac");
    else if (kind != "none")
        return false;
    types.emplace_back(new Type(pin ? MEDIATYPE_Audio : MEDIATYPE_Video, subtype, block, bytes));
    (connection[pin] ? next[pin] : connection[pin]) = types.back().get();
    return true;
}

bool SampleFile::line(const char *text)
{
    if (!strncmp(text, "type", 4))
        return typeLine(text);
    int pin;
    unsigned offset, size, sync;
    long long start, stop;
    if (sscanf(text, "sample %d %u %u %lld %lld %u", &pin, &offset, &size, &start, &stop, &sync) != 6 || pin < 0 || pin > 1 || offset + size > data.size())
        return false;
    LONG place = LONG(samples[0].size() + samples[1].size());
    samples[pin].push_back({ offset, size, start, stop, sync != 0, next[pin], place });
    next[pin] = nullptr;
    return true;
}

bool SampleFile::read(const char *path)
{
    FILE *f = fopen((std::string(path) + ".data").c_str(), "rb");
    if (!f)
        return false;
    BYTE piece[65536];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        data.insert(data.end(), piece, piece + n);
    fclose(f);
    if (!(f = fopen(path, "r")))
        return false;
    bool good = true;
    char text[8192];
    while (good && fgets(text, sizeof text, f))
        good = line(text);
    fclose(f);
    return good;
}

size_t SampleFile::largest(int pin) const
{
    size_t most = 0;
    for (auto &item : samples[pin])
        most = std::max(most, item.size);
    return most;
}

void SampleFile::play(Source *source)
{
    for (int pin = 0; pin < 2; pin++) {
        if (!connection[pin])
            continue;
        OutPin &out = source->pin[pin];
        out.type = *connection[pin];
        out.bufferSize = long(std::max(largest(pin), size_t(1)));
        out.next = [this, source, pin](long n, Sample &s) {
            if (size_t(n) >= samples[pin].size())
                return false;
            const Item &item = samples[pin][n];
            while (turn != item.turn)
                if (WaitForSingleObject(source->stopping, 1) == WAIT_OBJECT_0)
                    return false;
            s.data.assign(data.begin() + item.offset, data.begin() + item.offset + item.size);
            s.start = item.start;
            s.stop = item.stop;
            s.sync = item.sync;
            s.type = item.type;
            return true;
        };
        out.delivered = [this](long, HRESULT) { InterlockedIncrement(&turn); };
    }
}
