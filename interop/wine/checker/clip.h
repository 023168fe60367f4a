// clip.h: real H.264 and AAC frames in memory (media.h), in every form that a pin
// may get them in, and generators for source.h that repeat them.
//
//     source->pin[0].next = clip::videoSamples();                   // Annex B, parameter sets before each key frame, for ever
//     source->pin[0].next = clip::videoSamples(clip::Length4, 250); // 10 s for videoTypeAVC1(4)
//     source->pin[1].next = clip::audioSamples();                   // raw AAC
//     source->pin[1].next = clip::audioSamples(430, true);          // ADTS, 430 frames
#pragma once
#include "source.h"

namespace clip {

struct Frame {
    std::vector<Bytes> nals; // slices, without prefixes
    bool key = false;
    int shown = 0; // its place in presentation order, from 0
};

enum Form { Annex4, Annex3, Length1, Length2, Length4 };

const REFERENCE_TIME videoDuration = 400000;                  // 25 frames a second
inline REFERENCE_TIME audioTime(long n) { return n * 10240000000LL / 44100; } // 1024 samples of 44100 Hz

const std::vector<Frame> &video();     // Baseline, one key frame first, 160x120, 25 frames; no NAL unit over 255 bytes
const std::vector<Frame> &reordered(); // Main with B frames, in decode order
const Bytes &sps(), &pps();            // of video()
const Bytes &reorderedSPS(), &reorderedPPS();
const std::vector<Bytes> &audio();     // raw AAC LC, mono, 44100 Hz
const Bytes &audioConfig();            // its AudioSpecificConfig
Bytes adts(const Bytes &frame);        // with an ADTS header before it

// pack joins a frame's NAL units; parameterSets puts SPS and PPS of video() before.
Bytes pack(const Frame &frame, Form form = Annex4, bool parameterSets = false);
Bytes packUnits(const std::vector<Bytes> &nals, Form form);

// videoSample and audioSample are frame n of the repeated clip with its times.
Sample videoSample(long n, Form form = Annex4);
Sample audioSample(long n, bool withADTS = false);

// Generators; a negative count is for ever. Length forms carry no parameter sets.
Generator videoSamples(Form form = Annex4, long count = -1);
Generator audioSamples(long count = -1, bool withADTS = false);
// B frames in decode order, with presentation times alone, as DirectShow has them.
Generator reorderedSamples(long count = -1);

} // namespace clip
